import type { JSONObject, LanguageModelV4CallOptions } from "@ai-sdk/provider";
import type { JsonObject } from "../../dialects/json-body.ts";
import type { ParsedRequest } from "../client-dialect.ts";
import { compact } from "../compact.ts";
import { checkMembers, notTranslatable } from "../fate.ts";
import {
  invalidMember,
  optionalBoolean,
  optionalNumber,
  optionalObject,
  optionalString,
  requiredObject,
  stringList,
} from "../read-member.ts";
import { requireAnthropicSchema } from "../schema-keywords.ts";
import { chatMembers, chatStreamOptions, type ChatTarget } from "./members.ts";
import { parseMessages } from "./parse-messages.ts";
import { parseToolChoice, parseTools } from "./parse-tools.ts";

type ResponseFormat = NonNullable<LanguageModelV4CallOptions["responseFormat"]>;

function parseResponseFormat(body: JsonObject, target: ChatTarget): ResponseFormat | undefined {
  const format = optionalObject(body, "response_format", "");
  if (format === undefined || format["type"] === "text") return undefined;
  if (format["type"] === "json_object") {
    if (target === "gemini") return { type: "json" };
    throw notTranslatable("response_format", "Anthropic needs a schema; use type 'json_schema'.");
  }
  if (format["type"] !== "json_schema") {
    throw notTranslatable("response_format.type", "use 'text', 'json_object' or 'json_schema'.");
  }
  const wanted = requiredObject(format, "json_schema", "response_format.");
  const path = "response_format.json_schema.";
  const schema = requiredObject(wanted, "schema", path);
  if (target === "anthropic") requireAnthropicSchema(schema, `${path}schema`);
  return compact<Extract<ResponseFormat, { type: "json" }>>({
    type: "json",
    schema: schema,
    name: optionalString(wanted, "name", path),
    description: optionalString(wanted, "description", path),
  });
}

const efforts = ["none", "minimal", "low", "medium", "high", "xhigh", "max"] as const;

function parseEffort(body: JsonObject): LanguageModelV4CallOptions["reasoning"] {
  const effort = optionalString(body, "reasoning_effort", "");
  if (effort === undefined) return undefined;
  const known = efforts.find((candidate) => candidate === effort);
  if (known === undefined) throw invalidMember("reasoning_effort", `one of ${efforts.join(", ")}`);
  return known;
}

function parseLimit(body: JsonObject): number | undefined {
  const limit = optionalNumber(body, "max_completion_tokens", "");
  const older = optionalNumber(body, "max_tokens", "");
  if (limit !== undefined && older !== undefined && limit !== older) {
    throw notTranslatable("max_tokens", "it differs from max_completion_tokens; send that alone.");
  }
  return limit ?? older;
}

function anthropicOptions(body: JsonObject): JSONObject {
  const userId = optionalString(body, "safety_identifier", "") ?? optionalString(body, "user", "");
  const parallel = optionalBoolean(body, "parallel_tool_calls", "");
  return {
    // The AI SDK's default would let the model stream arguments that are not valid JSON.
    toolStreaming: false,
    ...(userId === undefined ? {} : { metadata: { userId } }),
    ...(parallel === undefined ? {} : { disableParallelToolUse: !parallel }),
  };
}

/** @throws Refusal WEIR_NOT_TRANSLATABLE, WEIR_FIELD_INVALID */
export function parseChatRequest(body: JsonObject, target: ChatTarget): ParsedRequest {
  checkMembers(body, chatMembers, target, "");
  const streamOptions = optionalObject(body, "stream_options", "") ?? {};
  checkMembers(streamOptions, chatStreamOptions, target, "stream_options.");
  const tools = parseTools(body, target);
  const responseFormat = parseResponseFormat(body, target);
  if (responseFormat !== undefined && tools.some(({ name }) => name === "json")) {
    throw notTranslatable("tools", "beside a response format no tool may be called 'json'.");
  }
  const { stop } = body;
  const penalised = target === "gemini";
  const options = compact<LanguageModelV4CallOptions>({
    prompt: parseMessages(body, target),
    maxOutputTokens: parseLimit(body),
    temperature: optionalNumber(body, "temperature", ""),
    topP: optionalNumber(body, "top_p", ""),
    stopSequences: typeof stop === "string" ? [stop] : stringList(stop, "stop"),
    seed: optionalNumber(body, "seed", ""),
    frequencyPenalty: penalised ? optionalNumber(body, "frequency_penalty", "") : undefined,
    presencePenalty: penalised ? optionalNumber(body, "presence_penalty", "") : undefined,
    reasoning: parseEffort(body),
    responseFormat,
    tools: tools.length === 0 ? undefined : tools,
    toolChoice: parseToolChoice(body["tool_choice"]),
    providerOptions: target === "anthropic" ? { anthropic: anthropicOptions(body) } : undefined,
  });
  return {
    options,
    usageAsked: optionalBoolean(streamOptions, "include_usage", "stream_options.") === true,
  };
}

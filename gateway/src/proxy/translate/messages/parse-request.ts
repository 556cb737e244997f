import type { JSONObject, LanguageModelV4CallOptions } from "@ai-sdk/provider";
import type { ParsedRequest } from "../client-dialect.ts";
import type { JsonObject } from "../../dialects/json-body.ts";
import { compact } from "../compact.ts";
import { checkMembers, notTranslatable } from "../fate.ts";
import {
  objectList,
  optionalNumber,
  optionalObject,
  optionalString,
  requiredObject,
  stringList,
} from "../read-member.ts";
import {
  messagesMembers,
  metadata as metadataMembers,
  outputConfig as outputConfigMembers,
  type MessagesTarget,
} from "./members.ts";
import { parseEffort } from "./parse-effort.ts";
import { parsePrompt } from "./parse-messages.ts";
import { parseToolChoice, parseTools } from "./parse-tools.ts";

/** OpenAI's bound on `user`; others have taken it over. */
const USER_MAX = 64;

function parseFormat(body: JsonObject, outputConfig: JsonObject) {
  const [format, path] = outputConfig["format"]
    ? [optionalObject(outputConfig, "format", "output_config."), "output_config.format."]
    : [optionalObject(body, "output_format", ""), "output_format."];
  if (format === undefined) return undefined;
  if (format["type"] !== "json_schema") throw notTranslatable(`${path}type`, "use 'json_schema'.");
  return {
    type: "json" as const,
    schema: requiredObject(format, "schema", path),
  };
}

/** Clearing thoughts clears nothing where thoughts are never carried. */
function checkContextManagement(body: JsonObject): void {
  const management = optionalObject(body, "context_management", "") ?? {};
  for (const member of Object.keys(management)) {
    if (member !== "edits") {
      throw notTranslatable(`context_management.${member}`, "Weir does not know it; leave it out.");
    }
  }
  for (const [at, edit] of objectList(management["edits"], "context_management.edits").entries()) {
    if (edit["type"] === "clear_thinking_20251015") continue;
    throw notTranslatable(
      `context_management.edits[${at}]`,
      "the context is edited at Anthropic alone; shorten the conversation yourself.",
    );
  }
}

function openAiOptions(body: JsonObject, parallel: boolean | undefined, target: MessagesTarget) {
  const metadata = optionalObject(body, "metadata", "") ?? {};
  checkMembers(metadata, metadataMembers, target, "metadata.");
  const userId = optionalString(metadata, "user_id", "metadata.");
  const options: JSONObject = {};
  if (userId !== undefined && userId.length <= USER_MAX) options["user"] = userId;
  if (parallel !== undefined) options["parallel_tool_calls"] = parallel;
  return options;
}

/** @throws Refusal WEIR_NOT_TRANSLATABLE, WEIR_FIELD_INVALID */
export function parseMessagesRequest(body: JsonObject, target: MessagesTarget): ParsedRequest {
  checkMembers(body, messagesMembers, target, "");
  checkContextManagement(body);
  const outputConfig = optionalObject(body, "output_config", "") ?? {};
  checkMembers(outputConfig, outputConfigMembers, target, "output_config.");
  const tools = parseTools(body, target);
  const { choice, parallel } = parseToolChoice(body, target);
  const openai = openAiOptions(body, parallel, target);
  const options = compact<LanguageModelV4CallOptions>({
    prompt: parsePrompt(body, target),
    maxOutputTokens: optionalNumber(body, "max_tokens", ""),
    temperature: optionalNumber(body, "temperature", ""),
    topP: optionalNumber(body, "top_p", ""),
    topK: optionalNumber(body, "top_k", ""),
    stopSequences: stringList(body["stop_sequences"], "stop_sequences"),
    reasoning: parseEffort(body, outputConfig, target),
    responseFormat: parseFormat(body, outputConfig),
    tools: tools.length === 0 ? undefined : tools,
    toolChoice: choice,
    providerOptions: target === "openai" ? { openai } : undefined,
  });
  return { options, usageAsked: true };
}

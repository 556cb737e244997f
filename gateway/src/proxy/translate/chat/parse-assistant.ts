import type {
  LanguageModelV4Message,
  LanguageModelV4ReasoningPart,
  LanguageModelV4ToolCallPart,
} from "@ai-sdk/provider";
import { isJsonObject, type JsonObject, type JsonValue } from "../../dialects/json-body.ts";
import { requireExactNumbers } from "../exact-json.ts";
import { checkMembers, notTranslatable } from "../fate.ts";
import {
  invalidMember,
  objectList,
  optionalObject,
  optionalString,
  requiredObject,
  requiredString,
} from "../read-member.ts";
import { assistantMessage, toolCall, toolCallFunction, type ChatTarget } from "./members.ts";
import { cacheMarker, parseTexts } from "./parse-content.ts";
import { parseReasoningDetails } from "./reasoning-details.ts";

function parseArguments(text: string, path: string): JsonObject {
  let value: unknown;
  try {
    // A call without arguments has none to parse.
    value = text.trim() === "" ? {} : JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (!isJsonObject(value)) throw notTranslatable(path, "it must be the text of a JSON object.");
  requireExactNumbers(value, path);
  return value;
}

function googleSignature(call: JsonObject, where: string): string | undefined {
  const extra = optionalObject(call, "extra_content", where);
  const google = extra && optionalObject(extra, "google", `${where}extra_content.`);
  return google && optionalString(google, "thought_signature", `${where}extra_content.google.`);
}

function parseCall(
  call: JsonObject,
  target: ChatTarget,
  where: string,
): LanguageModelV4ToolCallPart {
  if ((call["type"] ?? "function") !== "function") {
    throw notTranslatable(`${where}type`, "only calls of functions can be carried.");
  }
  checkMembers(call, toolCall, target, where);
  const called = requiredObject(call, "function", where);
  checkMembers(called, toolCallFunction, target, `${where}function.`);
  const signature = target === "gemini" ? googleSignature(call, where) : undefined;
  return {
    type: "tool-call",
    toolCallId: requiredString(call, "id", where),
    toolName: requiredString(called, "name", `${where}function.`),
    input: parseArguments(
      requiredString(called, "arguments", `${where}function.`),
      `${where}function.arguments`,
    ),
    ...(signature && { providerOptions: { google: { thoughtSignature: signature } } }),
  };
}

function reasoning(
  details: JsonValue | undefined,
  target: ChatTarget,
  path: string,
): LanguageModelV4ReasoningPart[] {
  return target === "anthropic" ? parseReasoningDetails(objectList(details, path), path) : [];
}

/** @throws Refusal WEIR_NOT_TRANSLATABLE, WEIR_FIELD_INVALID */
export function parseAssistant(
  message: JsonObject,
  names: Map<string, string>,
  target: ChatTarget,
  where: string,
): LanguageModelV4Message {
  checkMembers(message, assistantMessage, target, where);
  const calls = objectList(message["tool_calls"], `${where}tool_calls`).map((call, at) =>
    parseCall(call, target, `${where}tool_calls[${at}].`),
  );
  for (const call of calls) names.set(call.toolCallId, call.toolName);
  const refusal = optionalString(message, "refusal", where);
  const content = [
    ...reasoning(message["reasoning_details"], target, `${where}reasoning_details`),
    ...parseTexts(message["content"], target, `${where}content`),
    ...(refusal === undefined ? [] : [{ type: "text" as const, text: refusal }]),
    ...calls,
  ];
  // A call may stand alone: clients then send an empty text or none.
  const said = content.filter((part) => part.type !== "text" || part.text !== "");
  if (said.length === 0)
    throw invalidMember(`${where}content`, "a text, or there must be a tool call");
  return { role: "assistant", content: said, ...cacheMarker(message, target, where) };
}

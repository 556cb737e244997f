import type {
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4TextPart,
  LanguageModelV4ToolCallPart,
  LanguageModelV4ToolResultPart,
} from "@ai-sdk/provider";
import type { JsonObject, JsonValue } from "../../dialects/json-body.ts";
import { requireExactNumbers } from "../exact-json.ts";
import { checkMembers, notTranslatable } from "../fate.ts";
import {
  invalidMember,
  objectList,
  optionalString,
  requiredObject,
  requiredString,
} from "../read-member.ts";
import { message as messageMembers, toolUseBlock, type MessagesTarget } from "./members.ts";
import { parseBlock, refuseBlock, textOf, type ContentPart } from "./parse-content.ts";
import { parseToolResult } from "./parse-tool-result.ts";

type CallNames = Map<string, string>;

/** A new value at every call, which would spoil the cache of any provider but Anthropic. */
const BILLING_LINE = "x-anthropic-billing-header:";

function blocksOf(content: JsonValue | undefined, path: string): JsonObject[] {
  return typeof content === "string"
    ? [{ type: "text", text: content }]
    : objectList(content, path);
}

function systemText(
  content: JsonValue | undefined,
  target: MessagesTarget,
  path: string,
): LanguageModelV4Message[] {
  const texts = blocksOf(content, path)
    .map((block, at) => {
      const where = `${path}[${at}].`;
      return block["type"] === "text" ? textOf(block, target, where) : refuseBlock(block, where);
    })
    .filter((text, at) => text !== "" && !(at === 0 && text.startsWith(BILLING_LINE)));
  return texts.length === 0 ? [] : [{ role: "system", content: texts.join("\n\n") }];
}

function userMessages(
  blocks: JsonObject[],
  names: CallNames,
  target: MessagesTarget,
  path: string,
): LanguageModelV4Message[] {
  const results: LanguageModelV4ToolResultPart[] = [];
  const said: ContentPart[] = [];
  for (const [at, block] of blocks.entries()) {
    const where = `${path}[${at}].`;
    if (block["type"] !== "tool_result") said.push(parseBlock(block, target, where));
    else if (said.length === 0) results.push(parseToolResult(block, names, target, where));
    else throw notTranslatable(`${where}type`, "put tool results before everything else.");
  }
  return [
    ...(results.length === 0 ? [] : [{ role: "tool" as const, content: results }]),
    ...(said.length === 0 ? [] : [{ role: "user" as const, content: said }]),
  ];
}

function toolUse(
  block: JsonObject,
  target: MessagesTarget,
  where: string,
): LanguageModelV4ToolCallPart {
  checkMembers(block, toolUseBlock, target, where);
  const input = requiredObject(block, "input", where);
  requireExactNumbers(input, `${where}input`);
  return {
    type: "tool-call",
    toolCallId: requiredString(block, "id", where),
    toolName: requiredString(block, "name", where),
    input,
  };
}

function assistantMessage(
  blocks: JsonObject[],
  names: CallNames,
  target: MessagesTarget,
  path: string,
): LanguageModelV4Message {
  const texts: LanguageModelV4TextPart[] = [];
  const calls: LanguageModelV4ToolCallPart[] = [];
  for (const [at, block] of blocks.entries()) {
    const where = `${path}[${at}].`;
    if (block["type"] === "tool_use") {
      const call = toolUse(block, target, where);
      names.set(call.toolCallId, call.toolName);
      calls.push(call);
    } else if (block["type"] !== "text") refuseBlock(block, where);
    else if (calls.length === 0) texts.push({ type: "text", text: textOf(block, target, where) });
    else throw notTranslatable(`${where}type`, "put the texts of a message before its tool calls.");
  }
  if (texts.length + calls.length === 0) throw invalidMember(path, "a text or a list of blocks");
  return { role: "assistant", content: [...texts, ...calls] };
}

function parseMessage(
  message: JsonObject,
  names: CallNames,
  target: MessagesTarget,
  where: string,
): LanguageModelV4Message[] {
  checkMembers(message, messageMembers, target, where);
  const path = `${where}content`;
  const role = optionalString(message, "role", where);
  if (role === "user") {
    return userMessages(blocksOf(message["content"], path), names, target, path);
  }
  if (role === "assistant") {
    return [assistantMessage(blocksOf(message["content"], path), names, target, path)];
  }
  if (role !== "system") throw notTranslatable(`${where}role`, "use user, assistant or system.");
  if (target === "gemini") {
    throw notTranslatable(`${where}role`, "Gemini takes instructions in 'system' alone.");
  }
  return systemText(message["content"], target, path);
}

/** @throws Refusal WEIR_NOT_TRANSLATABLE, WEIR_FIELD_INVALID */
export function parsePrompt(body: JsonObject, target: MessagesTarget): LanguageModelV4Prompt {
  const names: CallNames = new Map();
  const messages = objectList(body["messages"], "messages");
  const last = messages.length - 1;
  if (messages[last]?.["role"] === "assistant") {
    throw notTranslatable(
      `messages[${last}]`,
      "the provider cannot continue an answer; end with a user message.",
    );
  }
  return [
    ...systemText(body["system"], target, "system"),
    ...messages.flatMap((message, at) => parseMessage(message, names, target, `messages[${at}].`)),
  ];
}

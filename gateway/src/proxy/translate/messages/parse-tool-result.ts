import type {
  LanguageModelV4ToolResultOutput,
  LanguageModelV4ToolResultPart,
} from "@ai-sdk/provider";
import type { JsonObject } from "../../dialects/json-body.ts";
import { checkMembers, notTranslatable } from "../fate.ts";
import { invalidMember, objectList, optionalBoolean, requiredString } from "../read-member.ts";
import { toolResultBlock, type MessagesTarget } from "./members.ts";
import { refuseBlock, textOf } from "./parse-content.ts";

function texts(block: JsonObject, target: MessagesTarget, where: string): string[] {
  const { content } = block;
  if (typeof content === "string") return [content];
  return objectList(content, `${where}content`).map((part, at) => {
    const path = `${where}content[${at}].`;
    if (part["type"] === "text") return textOf(part, target, path);
    if (part["type"] !== "image" && part["type"] !== "document") return refuseBlock(part, path);
    throw notTranslatable(
      `${path}type`,
      "a tool's result can only be text there; send the image or document in a user message.",
    );
  });
}

function output(
  results: string[],
  failed: boolean,
  target: MessagesTarget,
): LanguageModelV4ToolResultOutput {
  if (target === "gemini") {
    return { type: failed ? "error-text" : "text", value: results.join("\n") };
  }
  // Chat has no sign of failure, and the AI SDK would drop ours: the text must say it.
  const [first = "", ...rest] = results;
  const said = [failed ? `Error: ${first}` : first, ...rest];
  if (said.length === 1) return { type: "text", value: said.join("") };
  return { type: "content", value: said.map((text) => ({ type: "text", text })) };
}

/** @throws Refusal WEIR_NOT_TRANSLATABLE, WEIR_FIELD_INVALID */
export function parseToolResult(
  block: JsonObject,
  names: ReadonlyMap<string, string>,
  target: MessagesTarget,
  where: string,
): LanguageModelV4ToolResultPart {
  checkMembers(block, toolResultBlock, target, where);
  const toolCallId = requiredString(block, "tool_use_id", where);
  const toolName = names.get(toolCallId);
  if (toolName === undefined) {
    throw invalidMember(`${where}tool_use_id`, "the id of a tool_use block of an earlier message");
  }
  const failed = optionalBoolean(block, "is_error", where) === true;
  return {
    type: "tool-result",
    toolCallId,
    toolName,
    output: output(texts(block, target, where), failed, target),
  };
}

import type { LanguageModelV4FunctionTool, LanguageModelV4ToolChoice } from "@ai-sdk/provider";
import type { JsonObject } from "../../dialects/json-body.ts";
import { compact } from "../compact.ts";
import { checkMembers, notTranslatable } from "../fate.ts";
import {
  invalidMember,
  objectList,
  optionalBoolean,
  optionalObject,
  optionalString,
  requiredObject,
  requiredString,
} from "../read-member.ts";
import { tool as toolMembers, toolChoice, type MessagesTarget } from "./members.ts";

/** @throws Refusal WEIR_NOT_TRANSLATABLE, WEIR_FIELD_INVALID */
export function parseTools(
  body: JsonObject,
  target: MessagesTarget,
): LanguageModelV4FunctionTool[] {
  return objectList(body["tools"], "tools").map((tool, at) => {
    const where = `tools[${at}].`;
    if ((tool["type"] ?? "custom") !== "custom") {
      throw notTranslatable(
        `${where}type`,
        "Anthropic defines or runs this tool; declare one of your own in its place.",
      );
    }
    checkMembers(tool, toolMembers, target, where);
    return compact<LanguageModelV4FunctionTool>({
      type: "function",
      name: requiredString(tool, "name", where),
      description: optionalString(tool, "description", where),
      inputSchema: requiredObject(tool, "input_schema", where),
      strict: optionalBoolean(tool, "strict", where),
    });
  });
}

export interface ToolChoice {
  choice: LanguageModelV4ToolChoice | undefined;
  /** Undefined when the request does not say. */
  parallel: boolean | undefined;
}

/** @throws Refusal WEIR_NOT_TRANSLATABLE, WEIR_FIELD_INVALID */
export function parseToolChoice(body: JsonObject, target: MessagesTarget): ToolChoice {
  const given = optionalObject(body, "tool_choice", "");
  if (given === undefined) return { choice: undefined, parallel: undefined };
  checkMembers(given, toolChoice, target, "tool_choice.");
  const alone = optionalBoolean(given, "disable_parallel_tool_use", "tool_choice.");
  if (given["type"] !== "tool" && (given["name"] ?? null) !== null) {
    throw invalidMember("tool_choice.name", "left out unless the type is 'tool'");
  }
  const parallel = alone === undefined ? undefined : !alone;
  switch (given["type"]) {
    case "auto":
      return { choice: { type: "auto" }, parallel };
    case "any":
      return { choice: { type: "required" }, parallel };
    case "none":
      return { choice: { type: "none" }, parallel };
    case "tool": {
      const toolName = requiredString(given, "name", "tool_choice.");
      return { choice: { type: "tool", toolName }, parallel };
    }
    default:
      throw notTranslatable("tool_choice.type", "use auto, any, tool or none.");
  }
}

import type { LanguageModelV4FunctionTool, LanguageModelV4ToolChoice } from "@ai-sdk/provider";
import { isJsonObject, type JsonObject, type JsonValue } from "../../dialects/json-body.ts";
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
import { tool as toolMembers, toolFunction, type ChatTarget } from "./members.ts";
import { cacheMarker } from "./parse-content.ts";

/** @throws Refusal WEIR_NOT_TRANSLATABLE, WEIR_FIELD_INVALID */
export function parseTools(body: JsonObject, target: ChatTarget): LanguageModelV4FunctionTool[] {
  return objectList(body["tools"], "tools").map((tool, at) => {
    const where = `tools[${at}].`;
    if (tool["type"] !== "function") {
      throw notTranslatable(`${where}type`, "only tools of type 'function' can be carried.");
    }
    checkMembers(tool, toolMembers, target, where);
    const declared = requiredObject(tool, "function", where);
    checkMembers(declared, toolFunction, target, `${where}function.`);
    const parameters = optionalObject(declared, "parameters", `${where}function.`);
    const schema = parameters ?? { type: "object" as const, properties: {} };
    return compact<LanguageModelV4FunctionTool>({
      type: "function",
      name: requiredString(declared, "name", `${where}function.`),
      description: optionalString(declared, "description", `${where}function.`),
      inputSchema: schema,
      strict: optionalBoolean(declared, "strict", `${where}function.`),
      providerOptions: cacheMarker(tool, target, where).providerOptions,
    });
  });
}

/** @throws Refusal WEIR_NOT_TRANSLATABLE, WEIR_FIELD_INVALID */
export function parseToolChoice(
  choice: JsonValue | undefined,
): LanguageModelV4ToolChoice | undefined {
  if (choice === undefined || choice === null) return undefined;
  if (choice === "auto" || choice === "none" || choice === "required") return { type: choice };
  if (!isJsonObject(choice)) throw invalidMember("tool_choice", "a known word or an object");
  if (choice["type"] !== "function") {
    throw notTranslatable("tool_choice.type", "choose one function, or list fewer tools.");
  }
  const named = requiredObject(choice, "function", "tool_choice.");
  return { type: "tool", toolName: requiredString(named, "name", "tool_choice.function.") };
}

import { callFacts } from "../call-facts.ts";
import type { CallFacts } from "../dialect.ts";
import {
  boundedToolNames,
  countField,
  modelField,
  objectsField,
  shortText,
  streamField,
  toolName,
} from "../fields.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json-body.ts";

function nameIn(value: JsonValue | undefined): JsonValue | undefined {
  return isJsonObject(value) ? value["name"] : undefined;
}

/** A tool's name for policy; one that the provider hosts goes by its type. */
export function chatToolName(tool: JsonObject): string {
  return toolName(nameIn(tool["function"]), nameIn(tool["custom"]), tool["name"], tool["type"]);
}

/** `web_search_options` switches a hosted tool on without listing it under `tools`. */
export const WEB_SEARCH = "web_search";

/** @throws Refusal WEIR_FIELD_INVALID */
export function describeChat(body: JsonObject): CallFacts {
  const messages = objectsField(body, "messages");
  const toolNames = [
    ...objectsField(body, "tools").map(chatToolName),
    ...objectsField(body, "functions").map((entry) => toolName(entry["name"])),
  ];
  if (isJsonObject(body["web_search_options"])) toolNames.push(WEB_SEARCH);
  const limits = [countField(body, "max_completion_tokens"), countField(body, "max_tokens")];
  const given = limits.filter((limit) => limit !== null);
  return callFacts({
    model: modelField(body),
    stream: streamField(body),
    toolNames: boundedToolNames(toolNames),
    maxTokens: given.length === 0 ? null : Math.max(...given),
    messageCount: messages.length,
    assertedUserId: shortText(body["safety_identifier"] ?? body["user"]),
    toolResultCount: messages.filter(({ role }) => role === "tool" || role === "function").length,
  });
}

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
import { isJsonObject, type JsonObject } from "../json-body.ts";

/** A tool's name for policy; a toolset without a name goes by its type. */
export function messagesToolName(tool: JsonObject): string {
  return toolName(tool["name"], tool["type"]);
}

/** An MCP server that the provider is to call for the client, out of Weir's reach. */
export function mcpServerToolName(server: JsonObject): string {
  return `mcp:${toolName(server["name"], server["url"])}`;
}

function toolResults(message: JsonObject): number {
  const content = message["content"];
  if (!Array.isArray(content)) return 0;
  return content.filter((block) => isJsonObject(block) && block["type"] === "tool_result").length;
}

/** @throws Refusal WEIR_FIELD_INVALID */
export function describeMessages(body: JsonObject): CallFacts {
  const messages = objectsField(body, "messages");
  const { metadata } = body;
  return callFacts({
    model: modelField(body),
    stream: streamField(body),
    toolNames: boundedToolNames([
      ...objectsField(body, "tools").map(messagesToolName),
      ...objectsField(body, "mcp_servers").map(mcpServerToolName),
    ]),
    maxTokens: countField(body, "max_tokens"),
    messageCount: messages.length,
    assertedUserId: isJsonObject(metadata) ? shortText(metadata["user_id"]) : "",
    toolResultCount: messages.reduce((sum, message) => sum + toolResults(message), 0),
  });
}

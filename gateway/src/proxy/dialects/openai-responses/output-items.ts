import type { ResponseFacts } from "../dialect.ts";
import { isJsonObject, type JsonObject } from "../json-body.ts";
import { encryptedStateId } from "./state-ids.ts";

/** Calls that run at the client, or at a server of the client's choosing. */
const TOOL_CALLS = new Set([
  "function_call",
  "custom_tool_call",
  "mcp_call",
  "local_shell_call",
  "shell_call",
  "apply_patch_call",
  "computer_call",
]);

/** A call's row has a bounded size. */
const STATE_IDS_MAX = 64;
const HOSTED_CALL = /^[a-z_]{1,58}_call$/;

/** A web search bills its searches; opening what was found, or looking in it, is free. */
const FREE_ACTIONS = new Set<unknown>(["open_page", "find_in_page"]);

/** Counts one finished item of the output and remembers by what later calls may name it. */
export function readOutputItem(facts: ResponseFacts, item: JsonObject): void {
  const { type, id, action, encrypted_content: encrypted } = item;
  if (typeof type !== "string") return;
  if (TOOL_CALLS.has(type)) facts.toolCallCount += 1;
  else if (HOSTED_CALL.test(type) && !(isJsonObject(action) && FREE_ACTIONS.has(action["type"]))) {
    facts.serverToolCalls[type] = (facts.serverToolCalls[type] ?? 0) + 1;
  }
  if (type === "reasoning" && typeof id === "string") addStateId(facts, id);
  if (typeof encrypted === "string" && encrypted !== "") {
    addStateId(facts, encryptedStateId(encrypted));
  }
}

export function addStateId(facts: ResponseFacts, id: unknown): void {
  if (typeof id !== "string" || id === "" || facts.stateIds.length >= STATE_IDS_MAX) return;
  if (!facts.stateIds.includes(id)) facts.stateIds.push(id);
}

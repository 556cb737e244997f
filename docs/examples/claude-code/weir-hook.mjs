#!/usr/bin/env node
// Asks Weir before Claude Code runs a tool. Without Weir's yes nothing runs: whatever fails, denies.
import { readFileSync } from "node:fs";

const MAX_INPUT_BYTES = 1_048_576;
const origin = process.env.WEIR_URL ?? process.env.ANTHROPIC_BASE_URL ?? "http://127.0.0.1:7777";
const key =
  process.env.WEIR_KEY ?? process.env.ANTHROPIC_AUTH_TOKEN ?? process.env.ANTHROPIC_API_KEY;
const timeoutMs = Number(process.env.WEIR_HOOK_TIMEOUT_MS) || 10_000;

/** Says the decision in the form of a PreToolUse hook, and ends. */
function say(permissionDecision, permissionDecisionReason) {
  const hookSpecificOutput = {
    hookEventName: "PreToolUse",
    permissionDecision,
    permissionDecisionReason,
  };
  process.stdout.write(`${JSON.stringify({ hookSpecificOutput })}\n`, () => process.exit(0));
}

/** Claude Code names a tool of an MCP server `mcp__<server>__<tool>`. */
function toolOf({ tool_name: name, tool_input: args }) {
  if (typeof name !== "string" || name === "") throw new Error("the hook's input names no tool");
  const [, server = "", tool = name] = /^mcp__(.+?)__(.+)$/s.exec(name) ?? [];
  return { name: tool, server, arguments: args ?? {} };
}

async function ask(input) {
  if (!key) throw new Error("set WEIR_KEY to your Weir key");
  const answer = await fetch(new URL("/v1/actions:authorize", origin), {
    method: "POST",
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      ...(typeof input.session_id === "string" && { "x-session-id": input.session_id }),
    },
    body: JSON.stringify({ tool: toolOf(input) }),
    redirect: "error",
    signal: AbortSignal.timeout(timeoutMs),
  });
  const decided = await answer.json();
  if (answer.status !== 200 && decided?.effect !== "deny")
    throw new Error(`Weir answered with status ${answer.status}`);
  return decided;
}

try {
  const text = readFileSync(0, "utf8");
  if (text.length > MAX_INPUT_BYTES) throw new Error("the tool's arguments are too large to check");
  const {
    effect,
    userMessage,
    retryable,
    approvers = [],
    decisionId,
  } = await ask(JSON.parse(text));
  const who = approvers.length > 0 ? ` Who can approve: ${approvers.join(", ")}.` : "";
  const again = retryable ? "" : " Do not try again.";
  const ids = decisionId ? ` [decision ${decisionId}]` : "";
  if (effect === "allow") say("allow", `Weir allows it${ids}`);
  else if (effect === "pending") say("deny", `${userMessage} It waits for approval.${who}${ids}`);
  else say("deny", `${userMessage || "Weir denies it."}${who}${again}${ids}`);
} catch (error) {
  const why = error instanceof Error ? error.message : String(error);
  say("deny", `Weir could not be asked, so nothing runs: ${why}`);
}

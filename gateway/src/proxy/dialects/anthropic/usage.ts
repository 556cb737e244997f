import type { TokenCounts } from "../../../contracts/usage.ts";
import { isJsonObject, type JsonObject } from "../json-body.ts";
import { count, member, noTokens } from "../token-counts.ts";

/**
 * Anthropic's input classes already exclude each other; thinking is part of the output. Fields of
 * later events are cumulative and replace earlier ones, so `usage` is the merged object.
 */
export function messagesTokens(usage: unknown): TokenCounts | null {
  const input = count(usage, "input_tokens");
  const output = count(usage, "output_tokens");
  if (input === null && output === null) return null;
  const thinking = count(member(usage, "output_tokens_details"), "thinking_tokens") ?? 0;
  const written = count(usage, "cache_creation_input_tokens") ?? 0;
  const byLifetime = member(usage, "cache_creation");
  const cacheWrite1h = count(byLifetime, "ephemeral_1h_input_tokens") ?? 0;
  const cacheWrite5m = count(byLifetime, "ephemeral_5m_input_tokens") ?? written - cacheWrite1h;
  const outputVisible = (output ?? 0) - thinking;
  if (outputVisible < 0 || cacheWrite5m < 0) return null;
  return {
    ...noTokens(),
    inputUncached: input ?? 0,
    cacheRead: count(usage, "cache_read_input_tokens") ?? 0,
    cacheWrite5m,
    cacheWrite1h,
    outputVisible,
    outputReasoning: thinking,
  };
}

/** Calls of tools that ran at the provider, by kind, for example `web_search_requests`. */
export function serverToolCalls(usage: unknown): Record<string, number> {
  const calls: Record<string, number> = {};
  const used = member(usage, "server_tool_use");
  for (const kind of Object.keys(used ?? {})) {
    const times = count(used, kind);
    if (times !== null) calls[kind] = times;
  }
  return calls;
}

/** Overwrites each field that the later object has; null means that it does not say. */
export function mergeUsage(earlier: JsonObject, later: unknown): JsonObject {
  if (!isJsonObject(later)) return earlier;
  const told = Object.entries(later).filter(([, value]) => value !== null);
  return { ...earlier, ...Object.fromEntries(told) };
}

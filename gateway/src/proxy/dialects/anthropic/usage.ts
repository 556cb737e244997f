import type { TokenCounts } from "../../../contracts/usage.ts";
import { isJsonObject, type JsonObject } from "../json-body.ts";
import { count, member, noTokens } from "../token-counts.ts";

/**
 * Anthropic's input classes already exclude each other; thinking is part of the output. Fields of
 * later events are cumulative and replace earlier ones, so `usage` is the merged object.
 */
export function messagesTokens(usage: unknown): TokenCounts | null {
  const billed = billedParts(usage).map(partTokens);
  const told = billed.filter((part) => part !== null);
  if (told.length === 0 || told.length < billed.length) return null;
  const thinking = count(member(usage, "output_tokens_details"), "thinking_tokens") ?? 0;
  const sum = told.reduce(added);
  const outputVisible = sum.outputVisible - thinking;
  // A part larger than its whole: the provider counts otherwise, and nothing is made up.
  if (outputVisible < 0) return null;
  return { ...sum, outputVisible, outputReasoning: thinking };
}

/**
 * Usage objects that together are what is billed. The numbers at the top leave out what the
 * provider generated to compact the conversation or to advise the model, and tell the input of the
 * first of several turns alone, so the iterations count instead where they are told.
 * https://platform.claude.com/docs/en/build-with-claude/compaction
 */
function billedParts(usage: unknown): readonly unknown[] {
  const entries = iterationsOf(usage).filter(tellsTokens);
  const hasTurns = entries.some((entry) => !leftOutAtTop.has(entry["type"]));
  return hasTurns ? entries : [usage, ...entries];
}

const leftOutAtTop = new Set<unknown>(["compaction", "advisor_message"]);

function iterationsOf(usage: unknown): JsonObject[] {
  const iterations = isJsonObject(usage) ? usage["iterations"] : undefined;
  return Array.isArray(iterations) ? iterations.filter(isJsonObject) : [];
}

function tellsTokens(usage: unknown): boolean {
  return count(usage, "input_tokens") !== null || count(usage, "output_tokens") !== null;
}

/** One usage object or iteration, its output all visible; null if it tells nothing usable. */
function partTokens(usage: unknown): TokenCounts | null {
  if (!tellsTokens(usage)) return null;
  const written = count(usage, "cache_creation_input_tokens") ?? 0;
  const byLifetime = member(usage, "cache_creation");
  const cacheWrite1h = count(byLifetime, "ephemeral_1h_input_tokens") ?? 0;
  const cacheWrite5m = count(byLifetime, "ephemeral_5m_input_tokens") ?? written - cacheWrite1h;
  if (cacheWrite5m < 0) return null;
  return {
    ...noTokens(),
    inputUncached: count(usage, "input_tokens") ?? 0,
    cacheRead: count(usage, "cache_read_input_tokens") ?? 0,
    cacheWrite5m,
    cacheWrite1h,
    outputVisible: count(usage, "output_tokens") ?? 0,
  };
}

function added(a: TokenCounts, b: TokenCounts): TokenCounts {
  return {
    ...a,
    inputUncached: a.inputUncached + b.inputUncached,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite5m: a.cacheWrite5m + b.cacheWrite5m,
    cacheWrite1h: a.cacheWrite1h + b.cacheWrite1h,
    outputVisible: a.outputVisible + b.outputVisible,
  };
}

/** Iterations of another model than the call's: its tokens are billed at its own price. */
const byOtherModels = new Set<unknown>(["advisor_message", "fallback_message"]);

/**
 * Calls of tools that ran at the provider, by kind, for example `web_search_requests`; so count
 * iterations of another model, since the price of the call's model does not cover them.
 */
export function serverToolCalls(usage: unknown): Record<string, number> {
  const calls: Record<string, number> = {};
  const used = member(usage, "server_tool_use");
  for (const kind of Object.keys(used ?? {})) {
    const times = count(used, kind);
    if (times !== null) calls[kind] = times;
  }
  for (const { type } of iterationsOf(usage)) {
    if (typeof type === "string" && byOtherModels.has(type)) calls[type] = (calls[type] ?? 0) + 1;
  }
  return calls;
}

/** Overwrites each field that the later object has; null means that it does not say. */
export function mergeUsage(earlier: JsonObject, later: unknown): JsonObject {
  if (!isJsonObject(later)) return earlier;
  const told = Object.fromEntries(Object.entries(later).filter(([, value]) => value !== null));
  const merged = { ...earlier, ...told };
  // A new total without its split: the earlier total's split is not one of it.
  const total = told["cache_creation_input_tokens"];
  const isNewTotal = total !== undefined && total !== earlier["cache_creation_input_tokens"];
  if (isNewTotal && told["cache_creation"] === undefined) delete merged["cache_creation"];
  return merged;
}

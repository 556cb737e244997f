import type { StreamEnd, Usage } from "../../contracts/usage.ts";
import type { ResponseFacts } from "../dialects/dialect.ts";

/** The provider's usage object is kept as it came, up to this many characters. */
const MAX_RAW_LENGTH = 4096;

/** Usage of a call that never reached a provider, or of which the provider said nothing. */
export function noUsage(streamEnd: StreamEnd): Usage {
  return { tokens: null, serverToolCalls: {}, raw: "", source: "missing", streamEnd };
}

/**
 * One attempt's usage. Final is the last word of an answer that the provider ended well, be it that
 * its client had left before and it was only heard out; absent usage stays missing.
 */
export function usageOf(facts: ResponseFacts, streamEnd: StreamEnd): Usage {
  const raw = facts.rawUsage.length > MAX_RAW_LENGTH ? "" : facts.rawUsage;
  const { tokens, serverToolCalls } = facts;
  if (tokens === null) return { ...noUsage(streamEnd), raw };
  const isWhole = streamEnd === "complete" || streamEnd === "client_abort";
  const final = facts.usageIsFinal && isWhole;
  return {
    tokens,
    serverToolCalls,
    raw,
    source: final ? "provider_final" : "provider_partial",
    streamEnd,
  };
}

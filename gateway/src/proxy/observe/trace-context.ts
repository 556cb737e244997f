/**
 * W3C Trace Context (https://www.w3.org/TR/trace-context/): which trace a call belongs to. What a
 * header says is strictly checked, or a new trace begins. `baggage` is never read.
 */
import { parseTraceState } from "./trace-state.ts";

export interface TraceContext {
  /** 32 lowercase hex digits, not all zero. */
  readonly traceId: string;
  /** This call's own span, 16 lowercase hex digits: the parent of what goes upstream. */
  readonly spanId: string;
  /** The caller's span; null when the trace begins here. */
  readonly parentSpanId: string | null;
  /** The caller may have recorded its part of the trace; a trace that begins here may as well. */
  readonly sampled: boolean;
  /** Other vendors' part, to be handed on unchanged; empty when there is none. */
  readonly traceState: string;
}

/** Gives as many random bytes as asked for. The caller may reuse them after its next call. */
export type RandomBytes = (count: number) => Uint8Array;

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;

// §3.2.2: lowercase alone. Version 00 ends here; a later version may add fields behind a dash.
const TRACE_PARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NO_TRACE = "0".repeat(32);
const NO_SPAN = "0".repeat(16);
const SAMPLED = 0x01;
// A later version may be longer, but no header of that length is one.
const MAX_LENGTH = 512;

type TraceHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** The trace that the caller names in `traceparent`, or a new one if it names none that is valid. */
export function readTraceContext(headers: TraceHeaders, random: RandomBytes): TraceContext {
  const spanId = randomHex(SPAN_ID_BYTES, random);
  const parent = parseTraceParent(headers["traceparent"]);
  if (parent === null) {
    const traceId = randomHex(TRACE_ID_BYTES, random);
    return { traceId, spanId, parentSpanId: null, sampled: true, traceState: "" };
  }
  return { ...parent, spanId, traceState: parseTraceState(headers["tracestate"]) };
}

function parseTraceParent(header: unknown) {
  // Two header lines are one text with a comma, which the pattern does not have either.
  if (typeof header !== "string" || header.length > MAX_LENGTH) return null;
  const match = TRACE_PARENT.exec(header);
  if (match === null) return null;
  const [, version, traceId = "", parentSpanId = "", flags = "", rest] = match;
  if (version === "ff" || (version === "00" && rest !== undefined)) return null;
  if (traceId === NO_TRACE || parentSpanId === NO_SPAN) return null;
  return { traceId, parentSpanId, sampled: (Number.parseInt(flags, 16) & SAMPLED) !== 0 };
}

/** `traceparent` for a request made as part of this call: same trace, a span id of its own. */
export function childTraceparent(
  context: Pick<TraceContext, "traceId" | "sampled">,
  random: RandomBytes,
): string {
  return traceparent(context, randomHex(SPAN_ID_BYTES, random));
}

/**
 * The headers for a provider whose configuration says `forwardTraceContext: true`; never for
 * another. Without `random` the provider's span becomes a child of this call's own.
 */
export function traceHeaders(context: TraceContext, random?: RandomBytes): Record<string, string> {
  const parent =
    random === undefined ? traceparent(context, context.spanId) : childTraceparent(context, random);
  if (context.traceState === "") return { traceparent: parent };
  return { traceparent: parent, tracestate: context.traceState };
}

function traceparent(context: Pick<TraceContext, "traceId" | "sampled">, spanId: string): string {
  return `00-${context.traceId}-${spanId}-${context.sampled ? "01" : "00"}`;
}

/** An id of so many bytes in hex, never all zeros. */
export function randomHex(bytes: number, random: RandomBytes): string {
  const id = Buffer.from(random(bytes)).toString("hex");
  // All zero means "no id" (§3.2.2.3); one chance in 2^64 is still a chance.
  return /[^0]/.test(id) ? id : `${id.slice(0, -1)}1`;
}

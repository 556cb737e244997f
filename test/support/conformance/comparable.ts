import type { BilledCall } from "../../../gateway/src/simulator/ledger.ts";
import type { Observed } from "./observe.ts";
import type { AnsweredHead, ReceivedRequest } from "./wire-tap.ts";

/** What Weir adds to a chat or completions stream whose client did not ask for its usage. */
const asksForUsage = ',"stream_options":{"include_usage":true}';
const asking = new Set(["openai-chat", "openai-completions"]);

export interface ComparedAs {
  /** The clock decides what there was: only the kind of its end is compared. */
  readonly isTimed?: boolean;
}

/**
 * What a run has to have in common with another: what the client was given, the heads of answers,
 * the provider's requests with the digests of their bodies, and its bills.
 */
export function comparable(
  { shown, failed, answers, received, bills }: Observed<unknown>,
  { isTimed = false }: ComparedAs = {},
): object {
  return {
    failed,
    shown: isTimed && !failed ? null : shown,
    answers: answers.map(asAnswered),
    received: received.map(asReceived),
    bills: bills.map((bill, at) => asBilled(bill, received[at], isTimed)),
  };
}

/**
 * A run through Weir with everything undone that Weir may do, so that it compares with the direct
 * one: it adds headers of its own to answers, and asks for a stream's usage where the client did not.
 */
export function asIfDirect<Run extends Observed<unknown>>(
  through: Run,
  direct: Observed<unknown>,
): Run {
  const bills = through.bills.map((bill, at) => withoutAsking(bill, direct.bills[at]));
  const wasAsked = bills.some((bill, at) => bill !== through.bills[at]);
  const shown = wasAsked ? withoutNullUsage(through.shown) : through.shown;
  return { ...through, shown, bills, answers: through.answers.map(withoutWeirs) };
}

function withoutAsking(through: BilledCall, direct: BilledCall | undefined): BilledCall {
  const { stream, dialect, requestBytes } = through;
  if (direct === undefined || !stream || !asking.has(dialect)) return through;
  if (requestBytes - direct.requestBytes !== asksForUsage.length) return through;
  const { reported, requestSha256 } = direct;
  return { ...through, reported, requestSha256, requestBytes: direct.requestBytes };
}

/** Asked for usage, a provider writes `usage: null` into every chunk but the one that Weir takes out. */
function withoutNullUsage(shown: unknown): unknown {
  return JSON.parse(JSON.stringify(shown), (name, value: unknown) =>
    name === "usage" && value === null ? undefined : value,
  );
}

function withoutWeirs({ status, headers }: AnsweredHead): AnsweredHead {
  const kept = Object.entries(headers).filter(([name]) => !name.startsWith("x-weir-"));
  return { status, headers: Object.fromEntries(kept) };
}

function asAnswered({ status, headers }: AnsweredHead): object {
  return {
    status,
    ...mapped(headers, (value) => value.replaceAll(/(req_[0-9a-f]{24})_\d+/g, "$1_n")),
  };
}

function mapped(
  headers: Readonly<Record<string, string>>,
  change: (value: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, change(value)]));
}

function asReceived({ method, url, headers }: ReceivedRequest): object {
  return { method, url, headers };
}

function asBilled(
  bill: BilledCall,
  request: ReceivedRequest | undefined,
  isTimed: boolean,
): object {
  const { id: _id, sequence: _sequence, credential: _credential, ...rest } = bill;
  const { billed: _billed, reported: _reported, ...untimed } = rest;
  const kept = isTimed ? untimed : rest;
  // Multipart boundaries are random, and of one length.
  const isForm = request?.headers["content-type"]?.startsWith("multipart/") === true;
  return isForm ? { ...kept, requestSha256: "" } : kept;
}

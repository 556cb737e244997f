import type { TokenCounts } from "../contracts/index.ts";
import type { SeenCredential } from "./credential.ts";
import type { Dialect } from "./request.ts";
import { addTokens, noTokens } from "./token-sum.ts";

export type CallEnd =
  | "complete"
  | "client_abort"
  | "died"
  | "stalled"
  | "error_event"
  /** Refused with an error status: nothing is billed. */
  | "error";

/** One request as the simulator saw it, and what it bills for it. */
export interface BilledCall {
  /** Equal to the reply's `x-simulator-id` and to its `x-request-id` or `request-id`. */
  readonly id: string;
  readonly sequence: number;
  readonly dialect: Dialect;
  readonly model: string;
  readonly stream: boolean;
  readonly status: number;
  readonly end: CallEnd;
  /** What was generated, whether or not the client was told; null when refused. */
  readonly billed: TokenCounts | null;
  /** The last usage that was put on the wire; null when none was. */
  readonly reported: TokenCounts | null;
  readonly toolCalls: number;
  /** Calls of tools that ran here, by the tool's name. */
  readonly serverToolCalls: Readonly<Record<string, number>>;
  /** Seconds of sound, for what is billed by time; its tokens are then 0. */
  readonly billedSeconds: number;
  readonly credential: SeenCredential;
  /** SHA-256 of the request's body as it arrived, in hex. */
  readonly requestSha256: string;
  readonly requestBytes: number;
}

export interface LedgerTotals {
  readonly calls: number;
  readonly billedCalls: number;
  readonly tokens: TokenCounts;
  /** Entries that the ring no longer holds; totals still count them. */
  readonly dropped: number;
  /** Replies that are still being written. */
  readonly open: number;
}

/** The newest calls, up to `capacity`, and totals over all of them. */
export class Ledger {
  readonly #capacity: number;
  #ring: BilledCall[] = [];
  #sequence = 0;
  #calls = 0;
  #billedCalls = 0;
  #tokens: TokenCounts = noTokens;
  #open = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Takes the next sequence number for a reply that is about to be written. */
  begin(): number {
    this.#open += 1;
    this.#sequence += 1;
    return this.#sequence;
  }

  record(call: BilledCall): void {
    this.#open -= 1;
    this.#ring[this.#calls % this.#capacity] = call;
    this.#calls += 1;
    if (call.billed === null) return;
    this.#billedCalls += 1;
    this.#tokens = addTokens(this.#tokens, call.billed);
  }

  /** Oldest first, in the order in which they ended; only those with a sequence above `after`. */
  calls(after = 0): readonly BilledCall[] {
    const start = this.#calls % this.#capacity;
    const ordered =
      this.#calls > this.#capacity
        ? [...this.#ring.slice(start), ...this.#ring.slice(0, start)]
        : this.#ring;
    return ordered.filter((call) => call.sequence > after);
  }

  totals(): LedgerTotals {
    return {
      calls: this.#calls,
      billedCalls: this.#billedCalls,
      tokens: this.#tokens,
      dropped: Math.max(0, this.#calls - this.#capacity),
      open: this.#open,
    };
  }

  /** Forgets all calls and totals. Sequence numbers go on, so that ids stay unique. */
  reset(): void {
    this.#ring = [];
    this.#calls = 0;
    this.#billedCalls = 0;
    this.#tokens = noTokens;
  }
}

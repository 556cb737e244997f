/**
 * One call's way through the pipeline. Each stage reads what stands here so far and returns what
 * it adds; `pipeline.ts` alone assigns it. A field is set once and never changed.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Decision } from "../contracts/decision.ts";
import type { Asserted, Principal } from "../contracts/principal.ts";
import type { Outcome } from "../contracts/call-event.ts";
import type { Cost, Usage } from "../contracts/usage.ts";
import type { CallFacts, Dialect } from "./dialects/dialect.ts";
import type { Upstream } from "./forward/upstream.ts";
import type { RefusalCode } from "./refusal.ts";

export interface Exchange {
  readonly id: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly dialect: Dialect;
  readonly operation: string;
  readonly startedAtMs: number;
  /** Monotonic clock at the same moment, milliseconds. */
  readonly startedAt: number;
  readonly asserted: Asserted;
  principal?: Principal;
  body?: Buffer;
  facts?: CallFacts;
  upstream?: Upstream;
  decision?: Decision;
  modelResolved?: string;
  ending?: Ending;
}

/** How the call ended: what the record stage adds to everything above. */
export interface Ending {
  outcome: Outcome;
  errorCode: RefusalCode | "";
  status: number;
  upstreamStatus: number;
  upstreamRequestId: string;
  attempts: number;
  modelUsed: string;
  usage: Usage;
  cost: Cost;
  toolCallCount: number;
  responseBytes: number;
  timeToFirstByteMs: number | null;
  overheadMs: number;
}

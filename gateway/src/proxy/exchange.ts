/**
 * One call's way through the pipeline. Each stage reads what stands here so far and returns what
 * it adds; `pipeline.ts` and the files that it is made of alone assign it. A field is set once and
 * never changed, but for what a further attempt replaces: target, decision, reservation.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { Attempt, Outcome } from "../contracts/call-event.ts";
import type { Decision } from "../contracts/decision.ts";
import type { Asserted, Principal } from "../contracts/principal.ts";
import type { Grant } from "../contracts/scope.ts";
import type { Cost, Usage } from "../contracts/usage.ts";
import type { CapturedContent } from "./content/content-keeper.ts";
import type { CallFacts, Operation } from "./dialects/dialect.ts";
import type { TraceContext } from "./observe/trace-context.ts";
import type { DecisionWrite } from "./record/decision-writes.ts";
import type { Reservation } from "./limit/reservation.ts";
import type { Target } from "./route/target.ts";
import type { ClientCertificate } from "./tls/client-certificate.ts";
import type { RefusalCode } from "./refusal-table.ts";
import type { WatchedCall } from "./stop/live-stops.ts";

/** What the client sent before its body. */
export interface Caller {
  readonly headers: IncomingHttpHeaders;
  /** As node:http gives them: name, value, name, value … */
  readonly rawHeaders: readonly string[];
  /** With its question mark and as it came, so perhaps with a credential in it. */
  readonly query: string;
  /** That the connection was made with; left out = none. */
  readonly certificate?: ClientCertificate | null;
}

export interface Exchange {
  readonly id: string;
  readonly caller: Caller;
  readonly operation: Operation;
  readonly startedAtMs: number;
  /** Monotonic clock at the same moment, milliseconds. */
  readonly startedAt: number;
  readonly asserted: Asserted;
  /** The trace that the client names, or one that begins here. */
  readonly trace: TraceContext;
  /** Monotonic clock when the stage under way began. */
  stageStartedAt: number;
  principal?: Principal;
  /** By how much the credential is narrower than its principal. */
  grant?: Grant;
  /** Set with the principal: says when a stop ends this call. */
  watched?: WatchedCall;
  /** How much of the request's body has come, as the client sent it. */
  received?: { readonly bytes: number };
  facts?: CallFacts;
  target?: Target;
  decision?: Decision;
  /** Every decision that was taken, one for each target tried. */
  readonly decisionWrites: DecisionWrite[];
  readonly failedAttempts: Attempt[];
  /** Absent while what is said in this call is not kept. */
  content?: CapturedContent;
  /** Of the budgets, for the target under way. */
  reservation?: Reservation;
  /** Failed attempts that an earlier reservation has paid for. */
  attemptsBefore?: number;
  /** Time spent in Weir before the first request went to a provider; absent while none has. */
  overheadMs?: number;
  ending?: Ending;
}

/** How the call ended: what the record stage adds to everything above. */
export interface Ending {
  outcome: Outcome;
  errorCode: RefusalCode | "";
  status: number;
  upstreamStatus: number;
  upstreamRequestId: string;
  /** Requests made to providers, the failed ones included. */
  attempts: number;
  modelUsed: string;
  responseId: string;
  finishReasons: readonly string[];
  usage: Usage;
  cost: Cost;
  flags: string[];
  toolCallCount: number;
  responseBytes: number;
  timeToFirstByteMs: number | null;
  overheadMs: number;
}

/** The model asked of the provider; for a call that never got so far, the one the client named. */
export function modelResolvedOf({ target, facts }: Exchange): string {
  return target?.model ?? facts?.model ?? "";
}

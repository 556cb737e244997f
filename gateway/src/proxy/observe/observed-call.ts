/** A call as telemetry sees it: what it was and how it ended. No text, no person. */
import type { Outcome } from "../../contracts/call-event.ts";
import type { Effect } from "../../contracts/decision.ts";
import type { Cost, Usage } from "../../contracts/usage.ts";
import type { TraceContext } from "./trace-context.ts";

export interface ObservedProvider {
  /** Its name in the configuration. */
  readonly name: string;
  readonly dialect: string;
  readonly baseUrl: string;
}

export interface ObservedAttempt {
  readonly provider: ObservedProvider;
  readonly model: string;
  readonly method: string;
  /** 0 = no answer came. */
  readonly status: number;
  /** Our code for what went wrong; empty when nothing did, or the provider said it itself. */
  readonly errorCode: string;
  /** From the call's start. */
  readonly startedAfterMs: number;
  readonly durationMs: number;
}

export interface ObservedDecision {
  readonly id: string;
  readonly effect: Effect;
  readonly revision: string;
  readonly ruleIds: readonly string[];
}

export interface ObservedCall {
  readonly id: string;
  readonly trace: TraceContext;
  /** Whose wire format the caller speaks. */
  readonly dialect: string;
  /** Weir's id of the operation, for example `chat.completions`. */
  readonly operation: string;
  /** The one that was asked, or would have been; null when none was chosen. */
  readonly provider: ObservedProvider | null;
  /** The model asked of the provider; empty when the operation has none. */
  readonly model: string;
  readonly modelUsed: string;
  readonly stream: boolean;
  readonly maxTokens: number | null;
  /** As the client says; empty when it says nothing. */
  readonly conversationId: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly overheadMs: number;
  /** From the call's start to the answer's first byte; null when none came. */
  readonly timeToFirstByteMs: number | null;
  readonly outcome: Outcome;
  readonly errorCode: string;
  readonly upstreamStatus: number;
  readonly responseId: string;
  readonly finishReasons: readonly string[];
  readonly usage: Usage;
  readonly costStatus: Cost["status"];
  /** What about the figures needs a second look: fixed words. */
  readonly flags: readonly string[];
  /** The body names another user than the credential. */
  readonly assertsAnother?: boolean;
  readonly decision: ObservedDecision | null;
  readonly attempts: readonly ObservedAttempt[];
}

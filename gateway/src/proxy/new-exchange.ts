import { readAsserted } from "./authenticate/asserted.ts";
import type { Operation } from "./dialects/dialect.ts";
import type { Caller, Exchange } from "./exchange.ts";
import { readTraceContext } from "./observe/trace-context.ts";
import type { PipelineContext } from "./pipeline-context.ts";

/** A call that begins now. */
export function newExchange(
  caller: Caller,
  operation: Operation,
  clock: PipelineContext["clock"],
): Exchange {
  const startedAt = clock.monotonicMs();
  return {
    id: clock.newId(),
    caller,
    operation,
    startedAtMs: clock.nowMs(),
    startedAt,
    asserted: readAsserted(caller.headers),
    trace: readTraceContext(caller.headers, clock.randomBytes),
    stageStartedAt: startedAt,
    decisionWrites: [],
    failedAttempts: [],
  };
}

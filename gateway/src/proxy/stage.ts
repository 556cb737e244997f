import type { Exchange } from "./exchange.ts";
import type { Stage } from "./observe/stages.ts";
import type { PipelineContext } from "./pipeline-context.ts";

/** A stage of the call has ended: what has passed since the one before is its. */
export function endStage(exchange: Exchange, stage: Stage, context: PipelineContext): void {
  const now = context.clock.monotonicMs();
  context.observer.passed(stage, now - exchange.stageStartedAt);
  exchange.stageStartedAt = now;
}

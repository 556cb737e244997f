import type { RecomputeProgress, RecomputeRange } from "../contracts/api/prices.ts";
import type { PriceDesk } from "./prices.ts";
import { type ControlContext, recordChange } from "./store/change.ts";

/**
 * Recomputes, and says so in the admin log once the request has turned out to be right and before
 * any more is written; a dry run changes nothing and is not recorded.
 *
 * @throws what `recompute` throws, and ControlError WEIR_AUDIT_UNAVAILABLE: with its first step.
 */
export async function* recordedRecompute(
  context: ControlContext,
  prices: Pick<PriceDesk, "recompute">,
  range: RecomputeRange,
): AsyncGenerator<RecomputeProgress> {
  const steps = prices.recompute(range);
  try {
    const first = await steps.next();
    if (!range.dryRun) await record(context, range);
    if (first.done === true) return;
    yield first.value;
    yield* steps;
  } finally {
    await steps.return(undefined);
  }
}

async function record(context: ControlContext, range: RecomputeRange): Promise<void> {
  const entityId = `${range.from}..${range.to}`;
  await context.store.transaction().execute(async (transaction) => {
    const entry = { action: "prices.recompute", entityId, before: null, after: range };
    await recordChange(transaction, context, entry);
  });
}

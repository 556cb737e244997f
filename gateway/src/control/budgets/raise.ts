import { v7 as uuidv7 } from "uuid";
import type { Config } from "../../config/schema.ts";
import { ControlError } from "../errors.ts";
import { bumpRevision, type ControlContext, recordChange } from "../store/change.ts";
import { inUnit } from "./configured.ts";

export interface RaiseBudgetInput {
  readonly budgetId: string;
  /** As weir.yaml writes the limit: dollars for `usd`. */
  readonly by: number;
  readonly untilMs: number;
  /** Only for this person, team, model …; empty = for all that the budget counts. */
  readonly of: string;
  readonly reason: string;
}

export interface RaiseRecord {
  readonly id: string;
  readonly budgetId: string;
  readonly of: string;
  /** In the unit that is counted: money in micro-USD. */
  readonly by: number;
  readonly untilMs: number;
  readonly reason: string;
  readonly createdAtMs: number;
}

const MAX_DAYS = 366;
const DAY_MS = 86_400_000;
const MAX_RAISES = 1_000;

/**
 * Raises a budget until a moment. What has been refused before is not made up for.
 *
 * @throws {ControlError} WEIR_BUDGET_NOT_FOUND, WEIR_INVALID_REQUEST, WEIR_TOO_MANY_RAISES.
 */
export async function raiseBudget(
  context: ControlContext,
  { budgets }: Pick<Config, "budgets">,
  input: RaiseBudgetInput,
): Promise<RaiseRecord> {
  const budget = budgets.find(({ id }) => id === input.budgetId);
  if (budget === undefined) {
    const known = budgets.map(({ id }) => id).join(", ") || "none";
    const detail = `There is no budget "${input.budgetId}" in weir.yaml. Known: ${known}.`;
    throw new ControlError("WEIR_BUDGET_NOT_FOUND", detail);
  }
  const createdAtMs = context.now();
  const by = inUnit(budget.unit, input.by);
  requireSense(by, input.untilMs, createdAtMs);
  const record: RaiseRecord = {
    id: uuidv7({ msecs: createdAtMs, random: context.randomBytes(16) }),
    budgetId: budget.id,
    of: input.of,
    by,
    untilMs: input.untilMs,
    reason: input.reason,
    createdAtMs,
  };
  await context.store.transaction().execute(async (transaction) => {
    const { live } = await transaction
      .selectFrom("budgetRaises")
      .select((expression) => expression.fn.countAll<number>().as("live"))
      .where("untilMs", ">", createdAtMs)
      .executeTakeFirstOrThrow();
    if (live >= MAX_RAISES) {
      const detail = `${live} raises hold already. Raise the limits in weir.yaml instead.`;
      throw new ControlError("WEIR_TOO_MANY_RAISES", detail);
    }
    const { of, by: amount, ...row } = record;
    await transaction
      .insertInto("budgetRaises")
      .values({ ...row, counted: of, amount })
      .execute();
    await recordChange(transaction, context, {
      action: "budget.raise",
      entityId: budget.id,
      before: null,
      after: record,
    });
    await bumpRevision(transaction);
  });
  return record;
}

function requireSense(by: number, untilMs: number, nowMs: number): void {
  const refuse = (detail: string) => new ControlError("WEIR_INVALID_REQUEST", detail);
  if (!Number.isSafeInteger(by) || by < 1) throw refuse("A budget is raised by more than nothing.");
  if (untilMs <= nowMs) throw refuse("The raise would be over before it begins.");
  if (untilMs > nowMs + MAX_DAYS * DAY_MS) {
    throw refuse("A raise lasts a year at most. For good, change the limit in weir.yaml.");
  }
}

import type { ClickHouseClient } from "@clickhouse/client";
import { compareDay, type RollUpDifference } from "./compare.ts";
import { rebuildDay } from "./rebuild.ts";
import { databaseNowMs, isWhole, readRollUps } from "./roll-up.ts";

export interface RollUpRepair {
  /** What was wrong. */
  readonly difference: RollUpDifference;
  /** Whether it is right now. */
  readonly isRepaired: boolean;
}

export interface RepairLog {
  warn: (fields: object, message: string) => void;
  error: (fields: object, message: string) => void;
}

/**
 * Compares the roll-ups of UTC days with the rows that they sum up, makes those that differ anew, and
 * compares these again. Days of which raw rows may have expired are left as they are. Nothing may be
 * inserted meanwhile.
 * @returns what was wrong, also what still is.
 */
export async function repairRollUps(
  client: ClickHouseClient,
  days: readonly string[],
  log: RepairLog,
): Promise<RollUpRepair[]> {
  const repairs: RollUpRepair[] = [];
  const nowMs = await databaseNowMs(client);
  for (const rollUp of await readRollUps(client)) {
    for (const day of days) {
      if (!isWhole(day, rollUp.sourceDays, nowMs)) continue;
      const difference = await compareDay(client, rollUp, day);
      if (difference === null) continue;
      await rebuildDay(client, rollUp, day);
      const isRepaired = (await compareDay(client, rollUp, day)) === null;
      repairs.push({ difference, isRepaired });
      const { table, wrongGroups, columns } = difference;
      if (isRepaired)
        log.warn({ table, day, wrongGroups, columns }, "a roll-up was wrong and was made anew");
      else log.error({ table, day, wrongGroups, columns }, "a roll-up is wrong and stays so");
    }
  }
  return repairs;
}

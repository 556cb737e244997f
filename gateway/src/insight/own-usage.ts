import type { ClickHouseClient } from "@clickhouse/client";
import type { OwnUsage, UsageQuery } from "../contracts/api/usage.ts";
import { checkedTimeZone, daysOf } from "./day-range.ts";
import { readOwnLatency } from "./own-latency.ts";
import { readOwnSums } from "./own-sums.ts";
import { emptySlice, toSlice } from "./usage-slice.ts";

export interface OwnUsageQuestion {
  /** From the session, never from the request. */
  readonly personId: string;
  readonly query: UsageQuery;
  readonly nowMs: number;
}

const maxModels = 500;

/**
 * What a person used, by calendar day of their time zone and by model.
 *
 * @throws {ControlError} WEIR_INVALID_RANGE, WEIR_INVALID_TIME_ZONE, WEIR_LEDGER_UNAVAILABLE.
 */
export async function readOwnUsage(
  client: ClickHouseClient,
  { personId, query, nowMs }: OwnUsageQuestion,
): Promise<OwnUsage> {
  const days = daysOf(query);
  const range = { from: query.from, to: query.to, timeZone: checkedTimeZone(query.timeZone) };
  const [rows, { latency, everUsed }] = await Promise.all([
    readOwnSums(client, { personId, ...range }),
    readOwnLatency(client, { personId, ...range }),
  ]);
  const byModel = rows.filter((row) => row.of === "model").slice(0, maxModels);
  const totals = rows.find((row) => row.of === "all");
  const ofDay = rows.filter((row) => row.of === "day");
  const sliceOfDay = new Map(ofDay.map((row) => [row.date, toSlice(row)]));
  return {
    range,
    totals: totals === undefined ? emptySlice : toSlice(totals),
    latency,
    byDay: days.map((date) => Object.assign({ date }, sliceOfDay.get(date) ?? emptySlice)),
    byModel: byModel.map((row) =>
      Object.assign({ provider: row.provider, model: row.model }, toSlice(row)),
    ),
    everUsed,
    asOfMs: nowMs,
  };
}

import type { ClickHouseClient } from "@clickhouse/client";
import type { OwnUsage, UsageQuery } from "../contracts/api/usage.ts";
import { ask } from "./ask.ts";
import { checkedTimeZone, daysOf } from "./day-range.ts";
import { emptySlice, type SliceRow, sliceColumns, toSlice } from "./usage-slice.ts";

export interface OwnUsageQuestion {
  /** From the session, never from the request. */
  readonly personId: string;
  readonly query: UsageQuery;
  readonly nowMs: number;
}

const maxModels = 500;

// The second line is for the primary key alone: no zone is a whole day away from UTC. Which day a
// call belongs to is what the third line says, also where a day has 23 hours or begins at one.
const ownCalls = `
  FROM calls
  WHERE person_id = {personId:String}
    -- A list of models uses none.
    AND operation != 'models'
    AND started_at >= toDateTime64({from:Date} - 1, 3, 'UTC')
    AND started_at < toDateTime64({to:Date} + 2, 3, 'UTC')
    AND toDate(toTimeZone(started_at, {timeZone:String})) BETWEEN {from:Date} AND {to:Date}
    AND id NOT IN (
      SELECT supersedes FROM calls WHERE person_id = {personId:String} AND supersedes != ''
    )`;

// One look at the person's calls answers all three: each day, each model, and everything. A refusal
// takes a millisecond, and a call that broke off took as long as it took: neither says anything about
// how fast answers come.
const usageQuery = `
  SELECT multiIf(grouping(date) = 0, 'day', grouping(provider) = 0, 'model', 'all') AS of,
    toString(toDate(toTimeZone(started_at, {timeZone:String}))) AS date, provider,
    if(model_resolved != '', model_resolved, model_requested) AS model, ${sliceColumns},
    quantileExactIf(0.5)(toFloat64(duration_ms), outcome = 'completed') AS p50Ms,
    quantileExactIf(0.95)(toFloat64(duration_ms), outcome = 'completed') AS p95Ms,
    quantileExactIf(0.5)(toFloat64(time_to_first_byte_ms), outcome = 'completed')
      AS timeToFirstByteP50Ms,
    quantileExactIf(0.95)(toFloat64(time_to_first_byte_ms), outcome = 'completed')
      AS timeToFirstByteP95Ms,
    (SELECT count() FROM (SELECT 1 FROM calls_day WHERE person_id = {personId:String} LIMIT 1))
      AS everUsed
  ${ownCalls}
  GROUP BY GROUPING SETS ((date), (provider, model), ())
  ORDER BY costMicroUsd DESC, requests DESC, provider, model`;

type UsageRow = SliceRow &
  OwnUsage["latency"] & {
    of: "day" | "model" | "all";
    date: string;
    provider: string;
    model: string;
    everUsed: number;
  };

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
  const parameters = { personId, ...range };
  const rows = await ask<UsageRow>(client, usageQuery, parameters);
  const byModel = rows.filter((row) => row.of === "model").slice(0, maxModels);
  const totals = rows.find((row) => row.of === "all");
  const ofDay = rows.filter((row) => row.of === "day");
  const sliceOfDay = new Map(ofDay.map((row) => [row.date, toSlice(row)]));
  return {
    range,
    totals: totals === undefined ? emptySlice : toSlice(totals),
    latency: {
      p50Ms: totals?.p50Ms ?? null,
      p95Ms: totals?.p95Ms ?? null,
      timeToFirstByteP50Ms: totals?.timeToFirstByteP50Ms ?? null,
      timeToFirstByteP95Ms: totals?.timeToFirstByteP95Ms ?? null,
    },
    byDay: days.map((date) => Object.assign({ date }, sliceOfDay.get(date) ?? emptySlice)),
    byModel: byModel.map((row) =>
      Object.assign({ provider: row.provider, model: row.model }, toSlice(row)),
    ),
    everUsed: totals?.everUsed === 1,
    asOfMs: nowMs,
  };
}

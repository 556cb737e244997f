import type { ClickHouseClient } from "@clickhouse/client";
import { ask } from "./ask.ts";
import { type SliceRow, sliceColumns } from "./usage-slice.ts";
import { isOfWholeHours } from "./whole-hours.ts";

/** Days `2026-11-23` of a time zone, both included. */
export interface OwnRange {
  readonly personId: string;
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
}

export type SumRow = SliceRow & {
  readonly of: "day" | "model" | "all";
  readonly date: string;
  readonly provider: string;
  readonly model: string;
};

// What completes without a provider and a model is a list of models, which uses nothing.
const isUsage = "NOT (provider = '' AND model = '' AND outcome = 'completed')";

// The first condition is for the primary key alone: no zone is a whole day away from UTC. Which day an
// hour belongs to is what the second one says, also where a day has 23 hours or begins at one.
const inRange = (time: string) => `${time} >= toDateTime({from:Date} - 1, 'UTC')
      AND ${time} < toDateTime({to:Date} + 2, 'UTC')
      AND toDate(toTimeZone(${time}, {timeZone:String})) BETWEEN {from:Date} AND {to:Date}`;

/** From before the first call that is still there nothing else on the page is known either. */
const hours = `SELECT * FROM calls_hour
    WHERE person_id = {personId:String} AND ${inRange("hour")}
      AND hour >= (SELECT toStartOfDay(min(started_at)) FROM calls)`;

// Quarters of an hour, of which every zone's days are made. Corrections count as in the roll-ups: by
// how much they change a cost.
const quarters = `SELECT toStartOfFifteenMinutes(started_at) AS hour, provider,
      if(model_resolved != '', model_resolved, model_requested) AS model, outcome,
      countIf(supersedes = '') AS calls,
      sum(ifNull(cost_micro_usd, 0)) - sum(ifNull(superseded_cost_micro_usd, 0)) AS cost_micro_usd,
      toInt64(countIf(cost_status = 'unpriced'))
        - toInt64(countIf(superseded_cost_status = 'unpriced')) AS unpriced_calls,
      countIf(supersedes = '' AND usage_source = 'missing' AND cost_status != 'not_billed')
        AS missing_usage_calls,
      ${[
        "input_uncached",
        "cache_read",
        "cache_write_5m",
        "cache_write_1h",
        "output_visible",
        "output_reasoning",
        "tool_use_prompt",
        "audio_in",
        "audio_out",
      ]
        .map((tokens) => `sumIf(ifNull(calls.${tokens}, 0), supersedes = '') AS ${tokens}`)
        .join(", ")}
    FROM calls
    WHERE person_id = {personId:String} AND ${inRange("started_at")}
    GROUP BY hour, provider, model, outcome`;

const sums = (source: string) => `
  SELECT multiIf(grouping(day) = 0, 'day', grouping(provider) = 0, 'model', 'all') AS of,
    toString(day) AS date, provider, model, ${sliceColumns}
  FROM (SELECT toDate(toTimeZone(hour, {timeZone:String})) AS day, * FROM (${source}) WHERE ${isUsage})
  GROUP BY GROUPING SETS ((day), (provider, model), ())
  ORDER BY costMicroUsd DESC, requests DESC, provider, model`;

/**
 * What a person used: a row a day that has any, a row a model, and one for all. From the roll-up by the
 * hour where the zone's days are made of whole hours, from the calls themselves elsewhere.
 *
 * @throws {ControlError} WEIR_LEDGER_UNAVAILABLE.
 */
export function readOwnSums(client: ClickHouseClient, range: OwnRange): Promise<SumRow[]> {
  return ask<SumRow>(client, sums(isOfWholeHours(range) ? hours : quarters), { ...range });
}

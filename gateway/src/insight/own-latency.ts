import type { ClickHouseClient } from "@clickhouse/client";
import type { OwnUsage } from "../contracts/api/usage.ts";
import { ask } from "./ask.ts";
import type { OwnRange } from "./own-sums.ts";

export interface OwnLatency {
  readonly latency: OwnUsage["latency"];
  /** Whether the person has ever made a call that is still on record, in or out of the range. */
  readonly everUsed: boolean;
}

type LatencyRow = {
  readonly durations: readonly number[];
  readonly firstBytes: readonly number[];
  readonly everUsed: number;
};

// A refusal takes a millisecond, and a call that broke off took as long as it took: neither says
// anything about how fast answers come. A correction took no time of its own.
const query = `
  SELECT
    if(countIf(outcome = 'completed') = 0, [],
      quantilesExactIf(0.5, 0.95)(toFloat64(duration_ms), outcome = 'completed')) AS durations,
    if(countIf(outcome = 'completed' AND isNotNull(time_to_first_byte_ms)) = 0, [],
      quantilesExactIf(0.5, 0.95)(toFloat64(time_to_first_byte_ms), outcome = 'completed'))
      AS firstBytes,
    (SELECT count() FROM (SELECT 1 FROM calls_day WHERE person_id = {personId:String} LIMIT 1))
      AS everUsed
  FROM calls
  WHERE person_id = {personId:String} AND operation != 'models' AND supersedes = ''
    AND started_at >= toDateTime64({from:Date} - 1, 3, 'UTC')
    AND started_at < toDateTime64({to:Date} + 2, 3, 'UTC')
    AND toDate(toTimeZone(started_at, {timeZone:String})) BETWEEN {from:Date} AND {to:Date}`;

/**
 * How long a person's completed calls took; null where there was none.
 *
 * @throws {ControlError} WEIR_LEDGER_UNAVAILABLE.
 */
export async function readOwnLatency(
  client: ClickHouseClient,
  range: OwnRange,
): Promise<OwnLatency> {
  const [row] = await ask<LatencyRow>(client, query, { ...range });
  const [p50Ms = null, p95Ms = null] = row?.durations ?? [];
  const [timeToFirstByteP50Ms = null, timeToFirstByteP95Ms = null] = row?.firstBytes ?? [];
  return {
    latency: { p50Ms, p95Ms, timeToFirstByteP50Ms, timeToFirstByteP95Ms },
    everUsed: row?.everUsed === 1,
  };
}

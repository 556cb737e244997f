import type { ClickHouseClient } from "@clickhouse/client";

/** What of a recorded call its price depends on, and the price that it got. */
export interface RecordedCall {
  readonly id: string;
  readonly personId: string;
  readonly startedAtMs: number;
  readonly provider: string;
  readonly model: string;
  /** Null when the provider told no usage. */
  readonly inputUncached: number | null;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly outputVisible: number;
  readonly outputReasoning: number;
  readonly toolUsePrompt: number;
  readonly audioIn: number;
  readonly audioOut: number;
  readonly serverToolCalls: Readonly<Record<string, number>>;
  readonly upstreamMs: number;
  readonly microUsd: number | null;
  readonly status: "priced" | "unpriced";
  readonly priceVersion: string;
}

/** Calls that are read, and corrected, at once. */
export const PAGE_ROWS = 2_000;

// In force are rows that no other supersedes. What nobody billed has no price to compute again.
const pageQuery = `
  SELECT id, person_id AS personId, toUnixTimestamp64Milli(started_at) AS startedAtMs, provider,
    if(model_resolved != '', model_resolved, model_requested) AS model,
    input_uncached AS inputUncached, ifNull(cache_read, 0) AS cacheRead,
    ifNull(cache_write_5m, 0) AS cacheWrite5m, ifNull(cache_write_1h, 0) AS cacheWrite1h,
    ifNull(output_visible, 0) AS outputVisible, ifNull(output_reasoning, 0) AS outputReasoning,
    ifNull(tool_use_prompt, 0) AS toolUsePrompt, ifNull(audio_in, 0) AS audioIn,
    ifNull(audio_out, 0) AS audioOut, server_tool_calls AS serverToolCalls,
    greatest(0, toFloat64(duration_ms - overhead_ms - arraySum(failed_attempts.duration_ms)))
      AS upstreamMs,
    cost_micro_usd AS microUsd, cost_status AS status, price_version AS priceVersion
  FROM calls
  WHERE toYYYYMMDD(started_at) = {partition:UInt32} AND cost_status IN ('priced', 'unpriced')
    AND (person_id, started_at, id)
      > ({personId:String}, fromUnixTimestamp64Milli({startedAtMs:Int64}, 'UTC'), {id:String})
    AND id NOT IN (
      SELECT supersedes FROM calls
      WHERE toYYYYMMDD(started_at) = {partition:UInt32} AND supersedes != ''
    )
  ORDER BY person_id, started_at, id
  LIMIT ${PAGE_ROWS}
  SETTINGS output_format_json_quote_64bit_integers = 0, output_format_json_quote_decimals = 0,
    max_execution_time = 300`;

export type PlaceOfCall = Pick<RecordedCall, "personId" | "startedAtMs" | "id">;
export const firstPlace: PlaceOfCall = { personId: "", startedAtMs: 0, id: "" };

/** The next calls of a UTC day (`20261123`) whose rows are in force, in the table's own order. */
export async function readPage(
  client: ClickHouseClient,
  partition: string,
  { personId, startedAtMs, id }: PlaceOfCall,
): Promise<RecordedCall[]> {
  const result = await client.query({
    query: pageQuery,
    query_params: { partition: Number(partition), personId, startedAtMs, id },
    format: "JSONEachRow",
  });
  return result.json<RecordedCall>();
}

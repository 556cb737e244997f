import type { ClickHouseClient } from "@clickhouse/client";
import { expect } from "vitest";
import type { CallEvent } from "../../contracts/call-event.ts";
import { sampleCall } from "../../ledger/testing/events.ts";
import { queryRows } from "../../ledger/testing/test-ledger.ts";

/** Calls over two days: priced, unpriced, without usage, not billed, denied. */
export function mixedCalls(count: number): CallEvent[] {
  return Array.from({ length: count }, (_, index) => {
    const plain = sampleCall(index);
    const startedAtMs = plain.startedAtMs + (index % 2) * 86_400_000;
    const unpriced = { microUsd: null, status: "unpriced", priceVersion: "" } as const;
    if (index % 5 === 1) return { ...plain, startedAtMs, cost: unpriced };
    if (index % 5 === 2) {
      const usage = { ...plain.usage, tokens: null, source: "missing" as const };
      return { ...plain, startedAtMs, usage, cost: unpriced };
    }
    if (index % 5 === 3) {
      const cost = { microUsd: null, status: "not_billed", priceVersion: "" } as const;
      return { ...plain, startedAtMs, outcome: "denied" as const, cost };
    }
    return { ...plain, startedAtMs };
  });
}

const sums = `count() AS calls,
  toInt64(countIf(cost_status = 'unpriced')) AS unpriced,
  countIf(usage_source = 'missing' AND cost_status != 'not_billed') AS missing,
  sum(ifNull(input_uncached, 0)) AS a, sum(ifNull(cache_read, 0)) AS b,
  sum(ifNull(cache_write_5m, 0)) AS c, sum(ifNull(cache_write_1h, 0)) AS d,
  sum(ifNull(output_visible, 0)) AS e, sum(ifNull(output_reasoning, 0)) AS f,
  sum(ifNull(tool_use_prompt, 0)) AS g, sum(ifNull(audio_in, 0)) AS h,
  sum(ifNull(audio_out, 0)) AS i, sum(ifNull(cost_micro_usd, 0)) AS cost,
  sum(request_bytes) AS j, sum(response_bytes) AS k, sum(tool_call_count) AS l,
  sum(duration_ms) AS m`;
const rolledUp = `sum(calls) AS calls, sum(unpriced_calls) AS unpriced,
  sum(missing_usage_calls) AS missing, sum(input_uncached) AS a, sum(cache_read) AS b,
  sum(cache_write_5m) AS c, sum(cache_write_1h) AS d, sum(output_visible) AS e,
  sum(output_reasoning) AS f, sum(tool_use_prompt) AS g, sum(audio_in) AS h, sum(audio_out) AS i,
  sum(cost_micro_usd) AS cost, sum(request_bytes) AS j, sum(response_bytes) AS k,
  sum(tool_call_count) AS l, sum(duration_ms) AS m`;
const keys = "person_id, outcome, team_id, cost_center, agent_id, provider";

/** Whether both roll-ups say what the rows in force say, in every class and group. */
export async function expectRollUpsToAgree(client: ClickHouseClient): Promise<void> {
  for (const [table, time, start] of [
    ["calls_hour", "hour", "toStartOfHour(started_at)"],
    ["calls_day", "day", "toDate(started_at)"],
  ] as const) {
    const raw = await queryRows(
      client,
      `SELECT ${start} AS ${time}, model_resolved AS model, ${keys}, ${sums} FROM calls
       WHERE id NOT IN (SELECT supersedes FROM calls WHERE supersedes != '')
       GROUP BY ALL ORDER BY ${time}, model, ${keys}`,
    );
    const rolled = await queryRows(
      client,
      `SELECT ${time}, model, ${keys}, ${rolledUp} FROM ${table}
       GROUP BY ALL ORDER BY ${time}, model, ${keys}`,
    );
    expect(rolled).toEqual(raw);
    expect(raw.length).toBeGreaterThan(0);
  }
}

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import type { SeenCall } from "./load.ts";

export interface ClassTally {
  readonly callClass: string;
  readonly seenComplete: number;
  /** Of these, how many have exactly one row. */
  readonly rows: number;
  readonly brokenOff: number;
  readonly brokenOffWithRow: number;
}

export interface Tally {
  readonly classes: readonly ClassTally[];
  readonly calls: number;
  readonly decisions: number;
  /** What must not be, in words; empty when every invariant holds. */
  readonly faults: readonly string[];
}

async function rows<Row>(client: ClickHouseClient, query: string): Promise<Row[]> {
  const settings = { output_format_json_quote_64bit_integers: 0 } as const;
  const result = await client.query({
    query,
    format: "JSONEachRow",
    clickhouse_settings: settings,
  });
  return result.json<Row>();
}

const sums = [
  "input_uncached",
  "output_visible",
  "cost_micro_usd",
  "request_bytes",
  "response_bytes",
  "duration_ms",
];

/** Compares what clients saw with what is on record, and the record with itself. */
export async function takeTally(
  client: ClickHouseClient,
  seen: readonly SeenCall[],
  dataDir: string,
): Promise<Tally> {
  const calls = await rows<{ id: string; n: number; status: number }>(
    client,
    "SELECT id, count() AS n, any(status) AS status FROM calls GROUP BY id",
  );
  const decisions = await rows<{ id: string; n: number }>(
    client,
    "SELECT id, count() AS n FROM decisions GROUP BY id",
  );
  const byId = new Map(calls.map((row) => [row.id, row]));
  const decided = new Set(decisions.map(({ id }) => id));
  const faults: string[] = [];
  const doubled = [...calls, ...decisions].filter(({ n }) => n > 1);
  for (const { id, n } of doubled.slice(0, 5)) faults.push(`${id} has ${n} rows`);
  const classes = [...Map.groupBy(seen, ({ callClass }) => callClass)].map(([callClass, group]) => {
    const complete = group.filter((call) => call.complete);
    const kept = complete.filter((call) => byId.get(call.id)?.n === 1);
    const brokenOff = group.filter((call) => !call.complete);
    for (const { id } of complete.filter((call) => !byId.has(call.id)).slice(0, 5))
      faults.push(`${callClass} ${id} was seen complete and has no row`);
    for (const { id, decisionId } of complete)
      if (decisionId !== "" && !decided.has(decisionId)) faults.push(`${id} has no decision`);
    for (const { id, status } of complete) {
      const recorded = byId.get(id)?.status;
      if (recorded !== undefined && recorded !== status)
        faults.push(`${callClass} ${id} was answered ${status} and is on record as ${recorded}`);
    }
    return {
      callClass,
      seenComplete: complete.length,
      rows: kept.length,
      brokenOff: brokenOff.length,
      brokenOffWithRow: brokenOff.filter((call) => byId.has(call.id)).length,
    };
  });
  faults.push(...(await rollUpFaults(client)), ...(await positionFaults(client)));
  if (existsSync(join(dataDir, "spool", "dead-letters"))) faults.push("there are dead letters");
  return { classes, calls: calls.length, decisions: decisions.length, faults };
}

async function rollUpFaults(client: ClickHouseClient): Promise<string[]> {
  const faults: string[] = [];
  const list = (each: (name: string) => string) => sums.map(each).join(", ");
  const [raw] = await rows(
    client,
    `SELECT count() AS calls, ${list((name) => `sum(ifNull(${name}, 0)) AS ${name}`)} FROM calls`,
  );
  for (const table of ["calls_minute", "calls_hour", "calls_day"]) {
    const [rolled] = await rows(
      client,
      `SELECT sum(calls) AS calls, ${list((name) => `sum(${table}.${name}) AS ${name}`)} FROM ${table}`,
    );
    if (JSON.stringify(rolled) !== JSON.stringify(raw))
      faults.push(`${table} says ${JSON.stringify(rolled)}, the rows ${JSON.stringify(raw)}`);
  }
  return faults;
}

async function positionFaults(client: ClickHouseClient): Promise<string[]> {
  const doubled = await rows<{ spool_id: string; spool_sequence: number; n: number }>(
    client,
    `SELECT spool_id, spool_epoch, spool_sequence, count() AS n FROM (
       SELECT spool_id, spool_epoch, spool_sequence FROM calls
       UNION ALL SELECT spool_id, spool_epoch, spool_sequence FROM decisions
     ) GROUP BY ALL HAVING n > 1 LIMIT 5`,
  );
  return doubled.map((row) => `${row.spool_id} ${row.spool_sequence} stands there ${row.n} times`);
}

/** The tally as lines of text. */
export function tallyText({ classes, calls, decisions, faults }: Tally): string {
  const lines = classes.map(
    (each) =>
      `${each.callClass.padEnd(15)} seen complete ${String(each.seenComplete).padStart(7)}  rows ${String(each.rows).padStart(7)}  broken off ${String(each.brokenOff).padStart(6)}, of these with a row ${each.brokenOffWithRow}`,
  );
  const verdict =
    faults.length === 0 ? "none lost, none twice, roll-ups equal the rows" : faults.join("\n");
  return [...lines, `calls ${calls}, decisions ${decisions}`, verdict].join("\n");
}

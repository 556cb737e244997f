import type { ClickHouseClient } from "@clickhouse/client";
import type { AccessEvent } from "../../contracts/audit-event.ts";
import type { CallEvent, DecisionEvent } from "../../contracts/call-event.ts";
import type { ContentEvent } from "../../contracts/content-event.ts";
import { insertLines } from "../clickhouse/insert-lines.ts";
import { columnsOf, partitionOf, versionOf } from "../rows/layout.ts";
import { encodeRecord, type LedgerRecord, layouts, lineOf } from "../rows/record.ts";

let inserted = 0;

/** Inserts records as the shipper does: a block a table and day. */
async function insertRecords(
  client: ClickHouseClient,
  records: readonly LedgerRecord[],
): Promise<void> {
  const encoded = records.map(encodeRecord);
  for (const rows of Map.groupBy(encoded, ({ timeMs }) => partitionOf(timeMs)).values()) {
    const [first] = rows;
    if (first === undefined) continue;
    const layout = layouts[first.type];
    inserted += 1;
    const lines = rows.map(({ fields }, index) =>
      lineOf({ spoolId: "s", epoch: inserted, sequence: index + 1 }, fields),
    );
    await insertLines(client, {
      table: layout.table,
      columns: columnsOf(layout, versionOf(layout)),
      lines: Buffer.from(`${lines.join("\n")}\n`, "utf8"),
      token: `test-${inserted}`,
    });
  }
}

export function insertCalls(client: ClickHouseClient, events: readonly CallEvent[]): Promise<void> {
  return insertRecords(
    client,
    events.map((event) => ({ type: "call", event })),
  );
}

export function insertDecisions(
  client: ClickHouseClient,
  events: readonly DecisionEvent[],
): Promise<void> {
  return insertRecords(
    client,
    events.map((event) => ({ type: "decision", event })),
  );
}

export function insertAccesses(
  client: ClickHouseClient,
  events: readonly AccessEvent[],
): Promise<void> {
  return insertRecords(
    client,
    events.map((event) => ({ type: "access", event })),
  );
}

export function insertContents(
  client: ClickHouseClient,
  events: readonly ContentEvent[],
): Promise<void> {
  return insertRecords(
    client,
    events.map((event) => ({ type: "content", event })),
  );
}

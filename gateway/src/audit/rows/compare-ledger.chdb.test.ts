import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  fillSpool,
  openTestLedger,
  type TestLedger,
  testShipper,
} from "../../ledger/testing/test-ledger.ts";
import { openTestSpool } from "../../ledger/testing/test-spool.ts";
import { openAuditLog } from "../log/audit-log.ts";
import { appendShipped } from "../log/append-shipped.ts";
import { temporaryDirectory } from "../testing/test-log.ts";
import { compareLedger } from "./compare-ledger.ts";

let ledger: TestLedger;

beforeAll(async () => {
  ledger = await openTestLedger();
});

afterAll(() => ledger.close());

test("what is shipped is what the log has, and every edit of a row is named", async () => {
  const directory = await temporaryDirectory();
  const dataDir = join(directory, "..");
  const spoolRoot = join(dataDir, "spool");
  await fillSpool(spoolRoot, 50, 400);
  const spool = await openTestSpool(spoolRoot);
  for (let index = 0; index < 20; index += 1) {
    const common = { id: `change-${index}`, atMs: Date.UTC(2026, 10, 23) + index, actor: "weir" };
    const odd = "tab\t newline\n quote' back\\slash é";
    const event = { ...common, action: "key.create", entityId: odd, before: "", after: "{}" };
    await spool.append({ type: "admin", event });
    const question = { resource: "usage", purpose: odd, question: "{}" };
    await spool.append({ type: "access", event: { ...common, personId: "alice", ...question } });
  }
  await spool.close();
  const log = await openAuditLog({ directory, now: Date.now });
  const { client } = ledger;
  const shipper = testShipper(client, spoolRoot, {
    audit: { append: (leaves) => appendShipped(log, leaves) },
  });
  await shipper.drain();
  await shipper.stop();
  await log.close();
  const check = () => compareLedger({ dataDir, client, expiredBeforeMs: () => 0 });
  expect(await check()).toMatchObject({ rows: 440, leaves: 440, findings: [] });
  const alter = (query: string) =>
    client.command({ query: `${query} SETTINGS mutations_sync = 2, lightweight_deletes_sync = 2` });
  const [target] = await idsOf("decisions");
  await alter(`ALTER TABLE decisions UPDATE effect = 'forged' WHERE id = '${target}'`);
  await alter(`ALTER TABLE access_log UPDATE purpose = 'forged' WHERE id = 'change-3'`);
  await alter(`ALTER TABLE admin_log DELETE WHERE id = 'change-4'`);
  await client.command({
    query: `INSERT INTO admin_log SELECT * REPLACE (999999 AS spool_sequence) FROM admin_log WHERE id = 'change-5'`,
  });
  await client.command({
    query: `INSERT INTO admin_log SELECT * FROM admin_log WHERE id = 'change-6'`,
  });
  const { findings } = await check();
  expect(
    findings.map(({ kind, table }) => `${kind} ${table}`).toSorted((a, b) => a.localeCompare(b)),
  ).toEqual([
    "row-changed access_log",
    "row-changed decisions",
    "row-doubled admin_log",
    "row-inserted admin_log",
    "row-missing admin_log",
  ]);
});

async function idsOf(table: string): Promise<string[]> {
  const query = `SELECT id FROM ${table} ORDER BY spool_sequence LIMIT 1`;
  const result = await ledger.client.query({ query, format: "JSONEachRow" });
  return (await result.json<{ id: string }>()).map(({ id }) => id);
}

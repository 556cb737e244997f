import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { loadConfig } from "../../../config/load-config.ts";
import type { AccessEvent } from "../../../contracts/audit-event.ts";
import { collect } from "../../../ledger/testing/collect.ts";
import { sampleCall } from "../../../ledger/testing/events.ts";
import { insertCalls } from "../../../ledger/testing/insert-events.ts";
import {
  emptyTables,
  openTestLedger,
  queryRows,
  type TestLedger,
} from "../../../ledger/testing/test-ledger.ts";
import { allowView, createStoreFixture, type StoreFixture } from "../../testing/control-fixture.ts";
import type { LedgerHost } from "../host.ts";
import { exportOperation } from "./export.ts";

let ledger: TestLedger;
let fixture: StoreFixture;
let host: LedgerHost;
const accesses: AccessEvent[] = [];

beforeAll(async () => {
  ledger = await openTestLedger();
  fixture = await createStoreFixture();
  host = {
    config: loadConfig({ env: {}, cwd: fixture.directory, flags: {}, needsSecrets: false }),
    dataDir: fixture.directory,
    client: ledger.client,
    context: { ...fixture.context, randomBytes },
    log: pino({ enabled: false }),
    recordAccess: async (event) => {
      accesses.push(event);
    },
    shipNow: () => Promise.resolve(),
    decideView: allowView,
    whilePaused: (work) => work(),
  };
});

afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
  await ledger.close();
});

const DAY_MS = 86_400_000;

beforeEach(async () => {
  accesses.length = 0;
  await emptyTables(ledger.client);
  const first = sampleCall(0);
  for (const day of [0, 1, 2])
    await insertCalls(ledger.client, [
      sampleCall(day, { startedAtMs: first.startedAtMs + day * DAY_MS }),
    ]);
  const corrected = { ...first, id: "correction", supersedes: first.id };
  await insertCalls(ledger.client, [corrected]);
});

const everything = {
  table: "calls",
  format: "ndjson",
  from: "20260101",
  to: "20991231",
  person: "",
  allRows: false,
  purpose: "bill",
} as const;

type Request = Parameters<typeof exportOperation.run>[1];

async function exported(changes: Partial<Request> = {}) {
  const steps = await collect(exportOperation.run(host, { ...everything, ...changes }));
  const last = steps.at(-1);
  const path = join(fixture.directory, "exports", last?.name ?? "");
  return { last, path, text: await readFile(path, "utf8") };
}

const idsOf = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line): { id: string } => JSON.parse(line))
    .map(({ id }) => id)
    .toSorted();

/** The cells of a CSV text (RFC 4180). */
function cellsOf(text: string): string[] {
  const cells = text.matchAll(/(?:^|,|\n)(?:"((?:[^"]|"")*)"|([^",\n]*))/g);
  return [...cells].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "");
}

describe("exporting the ledger", () => {
  test("writes the rows in force day by day, and on demand the others too", async () => {
    const { text, last } = await exported();
    expect(idsOf(text)).toEqual(["call-1", "call-2", "correction"]);
    expect(last).toMatchObject({ finished: true, days: 3, daysDone: 3 });
    const all = await exported({ allRows: true });
    expect(idsOf(all.text)).toEqual(["call-0", "call-1", "call-2", "correction"]);
  });

  test("keeps to the days and the person asked for", async () => {
    const { text } = await exported({ from: "20261124", to: "20261125", person: "person-2" });
    expect(idsOf(text)).toEqual(["call-2"]);
    expect((await exported({ person: "' OR 1 = 1 --" })).text).toBe("");
  });

  test("is on record before anything is read, and does not happen otherwise", async () => {
    await exported({ person: "person-1" });
    expect(accesses).toMatchObject([
      { personId: "person-1", resource: "ledger.export", purpose: "bill", actor: "command-line" },
    ]);
    const before = await readdir(join(fixture.directory, "exports"));
    const refusing = { ...host, recordAccess: () => Promise.reject(new Error("disk full")) };
    await expect(collect(exportOperation.run(refusing, everything))).rejects.toThrow("disk full");
    expect(await readdir(join(fixture.directory, "exports"))).toEqual(before);
  });

  test("attack: no CSV cell begins like a formula", async () => {
    const bad = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"];
    await insertCalls(
      ledger.client,
      bad.map((modelRequested, index) => sampleCall(index + 10, { modelRequested })),
    );
    const { text } = await exported({ format: "csv" });
    for (const value of bad) expect(text).toContain(`"'${value}"`);
    expect(text).not.toMatch(/"[=+@\t\r-]/);
    expect(text.match(/"id","supersedes"/g)).toHaveLength(1);
  });

  test("attack: no name that people give makes a formula of a cell, of whatever column", async () => {
    const bad = `=HYPERLINK("http://x.example","ü")`;
    const event = sampleCall(20);
    const { principal } = event;
    if (principal === null) throw new Error("the sample has a principal");
    const named = { ...principal, id: bad, teamId: bad, costCenter: bad, keyId: bad, agentId: bad };
    const changes = [
      { principal: { ...named, onBehalfOf: bad, roles: [bad] }, model: bad, provider: bad },
      { modelRequested: "\n=1+1" },
      { modelRequested: "\uFF1D1+1" },
      { modelRequested: "\uFF0B1" },
      { modelRequested: "\uFF0D1" },
      { modelRequested: "\uFF20SUM(A1)" },
      { modelRequested: `x","=1+1` },
      { modelRequested: `x;=1+1` },
    ];
    await insertCalls(
      ledger.client,
      changes.map((each, index) => sampleCall(index + 20, each)),
    );
    const { text } = await exported({ format: "csv" });
    const cells = cellsOf(text);
    expect(cells).toContain(`'${bad}`);
    expect(cells).toContain("'\n=1+1");
    expect(cells).toContain(`x","=1+1`);
    expect(cells.filter((cell) => /^[=+@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20-]/.test(cell))).toEqual([]);
  });

  test("writes Parquet that ClickHouse reads back", async () => {
    const { path } = await exported({ format: "parquet" });
    const rows = await queryRows(
      ledger.client,
      `SELECT id, model_requested FROM file('${path}', 'Parquet') ORDER BY id`,
    );
    expect(rows).toMatchObject([{ id: "call-1" }, { id: "call-2" }, { id: "correction" }]);
  });
});

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createClient } from "@clickhouse/client";
import { pino } from "pino";
import { loadConfig } from "../../../config/load-config.ts";
import type { AccessEvent } from "../../../contracts/audit-event.ts";
import { encodeRecord } from "../../../ledger/rows/record.ts";
import type { DeadLetter } from "../../../ledger/ship/dead-letters.ts";
import { collect } from "../../../ledger/testing/collect.ts";
import { sampleCall } from "../../../ledger/testing/events.ts";
import { createStoreFixture, type StoreFixture } from "../../testing/control-fixture.ts";
import type { LedgerHost } from "../host.ts";
import { deadLettersDiscardOperation } from "./dead-letters-discard.ts";
import { deadLettersListOperation, deadLettersShowOperation } from "./dead-letters-list.ts";

let fixture: StoreFixture;
let host: LedgerHost;
let letters: string;

beforeEach(async () => {
  fixture = await createStoreFixture();
  const { directory, context } = fixture;
  letters = join(directory, "spool", "dead-letters");
  await mkdir(letters, { recursive: true });
  host = {
    config: loadConfig({ env: {}, cwd: directory, flags: {}, needsSecrets: false }),
    dataDir: directory,
    client: createClient(),
    context,
    log: pino({ enabled: false }),
    recordAccess: () => Promise.resolve(),
    shipNow: () => Promise.resolve(),
    whilePaused: (work) => work(),
  };
});

afterEach(() => fixture[Symbol.asyncDispose]());

function letter(sequence: number, code = "CLICKHOUSE_27", spoolId = "proxy-0"): string {
  const event = sampleCall(sequence, { modelRequested: "a\u2028b" });
  const whole: DeadLetter = {
    spoolId,
    epoch: 1,
    sequence,
    table: "calls",
    version: 1,
    partition: "20261123",
    atMs: 1000,
    code,
    reason: "no such number",
    line: `${spoolId}\t1\t${sequence}${encodeRecord({ type: "call", event }).fields}`,
  };
  return `${JSON.stringify(whole)}\n`;
}

const everything = { spool: "", code: "", sequences: [] };
const list = async (selection: Partial<typeof everything> = {}) => {
  const [step] = await collect(deadLettersListOperation.run(host, { ...everything, ...selection }));
  return step;
};
const discard = (selection: { spool?: string; code?: string; sequences?: number[] }) =>
  collect(deadLettersDiscardOperation.run(host, { ...everything, reason: "tests", ...selection }));

async function fill(): Promise<void> {
  await writeFile(
    join(letters, "proxy-0.ndjson"),
    `${letter(1)}${letter(2, "CLICKHOUSE_6")}${letter(3)}{"spo`,
  );
  await writeFile(join(letters, "proxy-1.ndjson"), letter(1, "CLICKHOUSE_27", "proxy-1"));
  await writeFile(join(letters, "proxy-1-00000000000000000001.seg.corrupt"), "x");
}

describe("listing dead letters", () => {
  test("names each row, counts by refusal, and shows damaged files", async () => {
    await fill();
    const found = await list();
    expect(found).toMatchObject({ total: 4, unreadable: 1 });
    expect(found?.letters[0]).toMatchObject({
      id: "call-1",
      time: expect.stringMatching(/^2026-/),
      table: "calls",
      code: "CLICKHOUSE_27",
    });
    expect(found?.groups).toContainEqual({
      spoolId: "proxy-0",
      table: "calls",
      code: "CLICKHOUSE_27",
      count: 2,
    });
    expect(found?.files.map(({ kind }) => kind).toSorted()).toEqual(["corrupt", "rows", "rows"]);
  });

  test("keeps to the spool and the code asked for", async () => {
    await fill();
    expect(await list({ spool: "proxy-1" })).toMatchObject({ total: 1 });
    expect(await list({ code: "CLICKHOUSE_6" })).toMatchObject({ total: 1 });
  });

  test("attack: a spool cannot name a file elsewhere", async () => {
    await expect(list({ spool: "../../control" })).rejects.toMatchObject({
      code: "WEIR_INVALID_REQUEST",
    });
  });

  test("shows one row by its columns, separators of lines in them included", async () => {
    await fill();
    const [shown] = await collect(
      deadLettersShowOperation.run(host, { spool: "proxy-0", sequence: 2, purpose: "tests" }),
    );
    expect(shown?.columns).toMatchObject({ id: "call-2", model_requested: "a\u2028b" });
  });

  test("a row is shown only once the look at it is on record, for the person whose it is", async () => {
    await fill();
    const asked: AccessEvent[] = [];
    const recordAccess = async (event: AccessEvent) => {
      asked.push(event);
      throw new Error("disk full");
    };
    const run = deadLettersShowOperation.run(
      { ...host, recordAccess },
      { spool: "proxy-0", sequence: 2, purpose: "why is it refused" },
    );
    await expect(collect(run)).rejects.toThrow("disk full");
    expect(asked).toEqual([
      expect.objectContaining({
        personId: "person-2",
        resource: "ledger.dead-letters",
        purpose: "why is it refused",
      }),
    ]);
  });
});

describe("discarding dead letters", () => {
  test("moves what was chosen aside, byte for byte, and says so in the admin log", async () => {
    await fill();
    const done = (await discard({ spool: "proxy-0", code: "CLICKHOUSE_27" })).at(-1);
    expect(done).toMatchObject({ finished: true, discarded: 2 });
    const left = await readFile(join(letters, "proxy-0.ndjson"), "utf8");
    expect(left).toBe(`${letter(2, "CLICKHOUSE_6")}{"spo\n`);
    const aside = await readFile(join(letters, done?.files[0] ?? ""), "utf8");
    expect(aside).toBe(`${letter(1)}${letter(3)}`);
    const log = await fixture.store
      .selectFrom("adminLog")
      .selectAll()
      .where("action", "=", "dead_letters.discard")
      .execute();
    expect(log).toHaveLength(1);
    expect(JSON.stringify(log)).toContain("tests");
  });

  test("leaves every file alone, and no record, when nothing was chosen", async () => {
    await fill();
    const before = await readdir(letters);
    expect((await discard({ code: "CLICKHOUSE_241" })).at(-1)).toMatchObject({ discarded: 0 });
    expect(await readdir(letters)).toEqual(before);
  });

  test("takes everything of every spool when all is chosen, and lists nothing then", async () => {
    await fill();
    expect((await discard({})).at(-1)).toMatchObject({ discarded: 4 });
    expect(await list()).toMatchObject({ total: 0, letters: [] });
  });
});

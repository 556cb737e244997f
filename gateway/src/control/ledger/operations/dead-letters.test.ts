import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createClient } from "@clickhouse/client";
import { pino } from "pino";
import { Value } from "typebox/value";
import { loadConfig } from "../../../config/load-config.ts";
import { encodeRecord } from "../../../ledger/rows/record.ts";
import type { DeadLetter } from "../../../ledger/ship/dead-letters.ts";
import { collect } from "../../../ledger/testing/collect.ts";
import { sampleCall } from "../../../ledger/testing/events.ts";
import { auditUnavailable } from "../../store/change.ts";
import { allowView, createStoreFixture, type StoreFixture } from "../../testing/control-fixture.ts";
import type { LedgerHost } from "../host.ts";
import { deadLettersDiscardOperation } from "./dead-letters-discard.ts";
import { deadLettersListOperation } from "./dead-letters-list.ts";

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
    decideView: allowView,
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

const discards = () =>
  fixture.store
    .selectFrom("adminLog")
    .selectAll()
    .where("action", "=", "dead_letters.discard")
    .execute();

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

  test("bug: lists a letter whose version is not known here without its id, and the others with theirs", async () => {
    const newer = letter(1).replace('"version":1', '"version":99');
    await writeFile(join(letters, "proxy-0.ndjson"), `${newer}${letter(2)}`);
    const found = await list();
    expect(found?.letters.map(({ id, sequence }) => [id, sequence])).toEqual([
      ["", 1],
      ["call-2", 2],
    ]);
  });

  test("bug: a spool with as long a name as spools may have can be chosen", () => {
    const { request } = deadLettersListOperation;
    expect(Value.Check(request, { ...everything, spool: "p".repeat(128) })).toBe(true);
    expect(Value.Check(request, { ...everything, spool: "p".repeat(129) })).toBe(false);
  });

  test.each([{ sequences: [-1] }, { sequences: [1.5] }, { sequences: ["1"] }, { code: null }])(
    "takes no selection like %j",
    (selection) => {
      expect(Value.Check(deadLettersListOperation.request, { ...everything, ...selection })).toBe(
        false,
      );
    },
  );
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
    const log = await discards();
    expect(log).toHaveLength(1);
    expect(JSON.stringify(log)).toContain("tests");
  });

  test("records which were chosen, by whom, and where they are", async () => {
    await fill();
    const done = (await discard({ spool: "proxy-0", sequences: [3] })).at(-1);
    expect(done?.discarded).toBe(1);
    const [entry] = await discards();
    expect(entry).toMatchObject({ actor: "command-line", entityId: "proxy-0" });
    expect(JSON.parse(entry?.before ?? "")).toEqual({ letters: 1 });
    expect(JSON.parse(entry?.after ?? "")).toEqual({
      file: done?.files[0],
      code: "",
      sequences: [3],
      reason: "tests",
    });
  });

  test("attack: sequences without a spool, which mean other rows in each, take none", async () => {
    await fill();
    await expect(discard({ sequences: [1] })).rejects.toMatchObject({
      code: "WEIR_INVALID_REQUEST",
    });
    expect(await list()).toMatchObject({ total: 4 });
  });

  test("bug: what is discarded twice at one moment does not take the place of what was before", async () => {
    const path = join(letters, "proxy-0.ndjson");
    const names: string[] = [];
    for (const sequence of [1, 2, 3]) {
      await writeFile(path, letter(sequence));
      names.push(...((await discard({ spool: "proxy-0" })).at(-1)?.files ?? []));
    }
    const texts = await Promise.all(names.map((name) => readFile(join(letters, name), "utf8")));
    expect(texts).toEqual([letter(1), letter(2), letter(3)]);
  });

  test("does not happen when it cannot be recorded", async () => {
    await fill();
    const before = await readdir(letters);
    const context = {
      ...host.context,
      assertRecordable: () => {
        throw auditUnavailable();
      },
    };
    const run = deadLettersDiscardOperation.run(
      { ...host, context },
      { ...everything, reason: "tests" },
    );
    await expect(collect(run)).rejects.toMatchObject({ code: "WEIR_AUDIT_UNAVAILABLE" });
    expect(await readdir(letters)).toEqual(before);
    expect(await discards()).toEqual([]);
  });

  test("bug: a file that a retry has emptied meanwhile is no failure, and goes on no record", async () => {
    await writeFile(join(letters, "proxy-0.ndjson"), letter(1));
    const retried: LedgerHost = {
      ...host,
      whilePaused: async (work) => {
        await rm(join(letters, "proxy-0.ndjson"));
        return work();
      },
    };
    const steps = await collect(
      deadLettersDiscardOperation.run(retried, { ...everything, reason: "tests" }),
    );
    expect(steps).toEqual([{ finished: true, discarded: 0, files: [] }]);
    expect(await discards()).toEqual([]);
  });

  test.each(["", " ", "\n\t", "x".repeat(501)])("wants a reason, and %j is none", (reason) => {
    expect(Value.Check(deadLettersDiscardOperation.request, { ...everything, reason })).toBe(false);
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

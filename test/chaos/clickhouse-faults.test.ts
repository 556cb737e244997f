import { afterAll, beforeAll, expect, test } from "vitest";
import type { Fault } from "../support/clickhouse-server/fault.ts";
import { Load } from "./load.ts";
import { ChaosSystem } from "./system.ts";

let system: ChaosSystem;
let load: Load;

beforeAll(async () => {
  system = await ChaosSystem.start("server");
  load = new Load(() => system.weir);
});
afterAll(() => system.stop());

const server = () => {
  if (system.server === undefined) throw new Error("ClickHouse is not running");
  return system.server;
};
const match = "^\\s*INSERT";

/** Lets clients call until the fault has struck an INSERT, and so many more calls have been made. */
async function callWhile(faults: readonly Fault[], struck: () => Promise<boolean>): Promise<void> {
  await server().setFaults(faults);
  load.start(4);
  try {
    await expect.poll(struck, { timeout: 30_000 }).toBe(true);
    const enough = load.seen.length + 40;
    await expect.poll(() => load.seen.length, { timeout: 30_000 }).toBeGreaterThan(enough);
  } finally {
    await load.stop();
  }
}

/** What is wrong on record once everything has been shipped. */
const faultsOnRecord = async () => (await system.tally(load.seen)).faults;
const patiently = { timeout: 60_000, interval: 500 };

test.each<[string, Fault]>([
  ["fails before it has done anything", { kind: "fail-before", match, times: 3 }],
  ["cuts the connection after it has committed", { kind: "drop-after-commit", match, times: 3 }],
  ["is failed by a proxy after it has committed", { kind: "error-after-commit", match, times: 3 }],
  ["is out of memory", { kind: "memory-limit", match, times: 3 }],
  ["may not write", { kind: "read-only", match, times: 3 }],
])("ClickHouse %s: every call once, in its table and every roll-up", async (_what, fault) => {
  const before = (await server().requests()).length;
  await callWhile([fault], async () =>
    (await server().requests())
      .slice(before)
      .some(({ sql, status }) => /^\s*INSERT/.test(sql) && status !== 200),
  );
  await server().setFaults([]);
  await expect.poll(faultsOnRecord, patiently).toEqual([]);
});

test("ClickHouse is slow: every call once", async () => {
  const before = (await server().requests()).length;
  await callWhile([{ kind: "delay", delayMs: 1_500, match }], async () =>
    (await server().requests()).slice(before).some(({ sql }) => /^\s*INSERT/.test(sql)),
  );
  await server().setFaults([]);
  await expect.poll(faultsOnRecord, patiently).toEqual([]);
});

test("ClickHouse refuses connections: calls go on, and all of them arrive later", async () => {
  const seen = load.seen.length;
  await callWhile([{ kind: "refuse" }], async () => load.seen.length > seen + 20);
  await server().setFaults([]);
  await expect.poll(faultsOnRecord, patiently).toEqual([]);
});

test.each<[string, Fault]>([
  ["after it has committed", { kind: "die-after-commit", match, times: 1 }],
  ["in the middle of an INSERT", { kind: "die-during", match, times: 1 }],
])("ClickHouse dies %s: every call once, after it has come back", async (_when, fault) => {
  await server().setFaults([fault]);
  load.start(4);
  await system.restartServer();
  await load.stop();
  await expect.poll(faultsOnRecord, patiently).toEqual([]);
});

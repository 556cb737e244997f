// What a SIGKILL between any two steps of publishing leaves behind, with real processes and files.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { adminLayout } from "../../ledger/rows/admin-layout.ts";
import { readLine } from "../../ledger/rows/read-line.ts";
import { readSpool } from "../../ledger/spool/read-spool.ts";
import { createStoreFixture, type StoreFixture } from "../testing/control-fixture.ts";

const script = (step: string) => `
const { randomBytes } = await import("node:crypto");
const { openStore } = await import(${JSON.stringify(import.meta.resolve("../store/open-store.ts"))});
const { createTrail } = await import(${JSON.stringify(import.meta.resolve("./trail.ts"))});
const { segmentFiles } = await import(${JSON.stringify(import.meta.resolve("../../ledger/spool/segment-file.ts"))});
const { recordChange } = await import(${JSON.stringify(import.meta.resolve("../store/change.ts"))});
const die = () => process.kill(process.pid, "SIGKILL");
const files = {
  ...segmentFiles,
  async create(path) {
    const file = await segmentFiles.create(path);
    return {
      ...file,
      async write(buffer, length, position) {
        if (position > 0 && ${JSON.stringify(step)} === "claimed") die();
        if (position > 0 && ${JSON.stringify(step)} === "half written") {
          await file.write(buffer, Math.floor(length * 0.6), position);
          die();
        }
        await file.write(buffer, length, position);
        if (position > 0 && ${JSON.stringify(step)} === "written") die();
      },
      async datasync() {
        await file.datasync();
        if (${JSON.stringify(step)} === "synced") die();
      },
    };
  },
};
const dataDir = process.argv[1];
const store = await openStore(process.argv[2]);
const log = { info: () => {}, warn: () => {}, error: (fields) => console.error(fields) };
const trail = createTrail({
  config: {
    audit: { signingKeyFile: "", headIntervalMs: 3600000, publishTo: [] },
    ledger: { commitIntervalMs: 50, segmentBytes: 65536, maxSpoolBytes: 1048576 },
  },
  dataDir, store, now: Date.now, randomBytes, log, whilePaused: (work) => work(), files,
});
await store.transaction().execute(async (transaction) => {
  const context = { store, actor: "weir", now: Date.now, randomBytes };
  const entry = { action: "team.update", entityId: "alpha", before: null, after: null };
  await recordChange(transaction, context, entry);
});
await trail.start();
if (${JSON.stringify(step)} === "marked") die();
await trail.close();
await store.destroy();
`;

async function run(
  { directory, target }: StoreFixture,
  step: string,
): Promise<NodeJS.Signals | null> {
  const args = ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval"];
  const child = spawn(process.execPath, [...args, script(step), directory, target], {
    stdio: "inherit",
  });
  await once(child, "exit");
  return child.signalCode;
}

async function idsInSpool({ directory }: StoreFixture): Promise<string[]> {
  const ids: string[] = [];
  for await (const { version, payload } of readSpool(join(directory, "spool", "control")))
    ids.push(readLine(adminLayout, version, payload.toString("utf8"))["id"] ?? "");
  return ids;
}

const steps = ["claimed", "half written", "written", "synced", "marked"];

test.each(steps)("killed when a change is %s, the next start has it once", async (step) => {
  await using fixture = await createStoreFixture();
  expect(await run(fixture, step)).toBe("SIGKILL");
  expect(await run(fixture, "")).toBeNull();
  const log = await fixture.store.selectFrom("adminLog").selectAll().orderBy("sequence").execute();
  expect(await idsInSpool(fixture)).toEqual(log.map(({ id }) => id));
  expect(log.every(({ publishedAtMs }) => publishedAtMs !== null)).toBe(true);
});

test("killed again and again, at one step after another, each change is there once", async () => {
  await using fixture = await createStoreFixture();
  for (const step of [...steps, ...steps.toReversed()])
    expect(await run(fixture, step)).toBe("SIGKILL");
  expect(await run(fixture, "")).toBeNull();
  const log = await fixture.store.selectFrom("adminLog").selectAll().execute();
  expect((await idsInSpool(fixture)).toSorted()).toEqual(log.map(({ id }) => id).toSorted());
});

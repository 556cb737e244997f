import { spawn } from "node:child_process";
import { once } from "node:events";
import type { StoreFixture } from "./control-fixture.ts";

/** Where a process can be killed on the way of a change into the spool. */
export const publishingSteps = ["claimed", "half written", "written", "synced", "marked"];

const script = (step: string) => `
const { randomBytes } = await import("node:crypto");
const { openStore } = await import(${JSON.stringify(import.meta.resolve("../store/open-store.ts"))});
const { createTrail } = await import(${JSON.stringify(import.meta.resolve("../audit/trail.ts"))});
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

/**
 * Changes something and publishes what waits, in a process that kills itself at the step; the empty
 * step is none. @returns the signal that ended it.
 */
export async function publishAndDie(
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

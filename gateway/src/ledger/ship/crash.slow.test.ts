import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import {
  expectedTally,
  fillSpool,
  openTestLedger,
  tally,
  testShipper,
} from "../testing/test-ledger.ts";

const ROUNDS = 6;
const SCRIPT = join(import.meta.dirname, "../testing/ship-forever.ts");

/** Ships in a process of its own, and kills that without warning some time after its first batch. */
async function shipAndKill(directory: string, root: string, afterMs: number): Promise<void> {
  const child = spawn(process.execPath, [SCRIPT, directory, root], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  await Promise.race([once(child.stdout, "data"), ended]);
  await sleep(afterMs);
  child.kill("SIGKILL");
  const [, signal] = await ended;
  expect(signal).toBe("SIGKILL");
}

describe("a process that is killed while it ships", () => {
  test("leaves every row and every roll-up exactly once", { timeout: 120_000 }, async () => {
    const directory = await temporaryDirectory();
    const root = join(directory, "spool");
    await fillSpool(root, 4000, 4000);
    // Spread over the time that a batch takes, so that each round dies at another place in it.
    for (let round = 0; round < ROUNDS; round += 1) await shipAndKill(directory, root, round * 7);
    const ledger = await openTestLedger(directory);
    const shipper = testShipper(ledger.client, root);
    await shipper.drain();
    expect(await tally(ledger.client)).toEqual(expectedTally(4000, 4000));
    expect(shipper.status()).toMatchObject({ shippedRows: 8000, deadRows: 0, pendingBytes: 0 });
    await shipper.stop();
    await ledger.close();
  });
});

import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { type RunningWeir, spawnWeir, startWeir } from "../support/start-weir.ts";
import { race } from "../support/spend-race.ts";

const token = "a-token-that-this-test-shares-with-control";
let weir: RunningWeir | undefined;
afterEach(async () => {
  await weir?.stop();
  weir = undefined;
});

/** Status of one call, or of those that others' reservations hold up for a moment. */
async function statusOf({ gateway: url, key }: RunningWeir): Promise<number> {
  const { statuses } = await race([{ url, key }]);
  return [...statuses.keys()][0] ?? 0;
}

const requests = (limit: number) => ({
  budgets: [{ id: "few", by: "person", unit: "requests", limit, window: "month" }],
});

test("what is spent outlasts Weir: kept in a file, and without the file told by the ledger", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "weir-budgets-"));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const config = requests(3);
  weir = await startWeir({ dataDir, config });
  for (let call = 0; call < 3; call += 1) expect(await statusOf(weir)).toBe(200);
  expect(await statusOf(weir)).toBe(403);
  await weir.stop();
  weir = await startWeir({ dataDir, config });
  expect(await statusOf(weir)).toBe(403);
  await weir.stop();
  await rm(join(dataDir, "snapshot", "budgets.json"));
  weir = await startWeir({ dataDir, config: requests(6), env: { WEIR_CONTROL_TOKEN: token } });
  const url = `${weir.console}/internal/budgets/spent`;
  await vi.waitFor(async () => {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    expect(await answer.json()).toMatchObject({ counters: [{ spent: 3 }] });
  }, 20_000);
  // It is asked several times, and nothing is counted twice for that.
  await sleep(5_000);
  let answered = 0;
  while ((await statusOf(weir)) === 200) answered += 1;
  expect(answered).toBe(3);
});

test("a raise is in force within seconds", async () => {
  weir = await startWeir({ config: requests(1) });
  expect(await statusOf(weir)).toBe(200);
  expect(await statusOf(weir)).toBe(403);
  const file = join(weir.dataDir, "weir.yaml");
  await writeFile(file, JSON.stringify(requests(1)));
  const place = ["--data-dir", weir.dataDir, "--config", file];
  const raising = spawnWeir(["budget", "raise", "few", "--by", "2", "--until", "1h", ...place]);
  expect(await once(raising, "exit")).toEqual([0, null]);
  const running = weir;
  await vi.waitFor(async () => expect(await statusOf(running)).toBe(200), 10_000);
  expect(await statusOf(weir)).toBe(200);
  expect(await statusOf(weir)).toBe(403);
});

test("500 calls at once over 4 workers spend no more than the budget and one call's estimate", async () => {
  const budget = 5_000;
  weir = await startWeir({
    workers: 4,
    config: {
      budgets: [{ id: "everybody", by: "person", unit: "tokens", limit: budget, window: "month" }],
    },
  });
  const { gateway: url, key } = weir;
  const first = await race(Array.from({ length: 500 }, () => ({ url, key })));
  const estimate = 64 + 300;
  expect(first.tokens).toBeLessThanOrEqual(budget + estimate);
  // Calls that were refused for what others had only reserved get the rest, one after the other.
  let { tokens } = first;
  let last = first;
  for (
    let call = 0;
    call < 100 && !last.messages.some((text) => /is spent/.test(text));
    call += 1
  ) {
    last = await race([{ url, key }]);
    tokens += last.tokens;
  }
  expect(tokens).toBeGreaterThanOrEqual(budget);
  expect(tokens).toBeLessThanOrEqual(budget + estimate);
});

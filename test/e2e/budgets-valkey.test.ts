import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Race, race } from "../support/spend-race.ts";
import { type RunningWeir, startWeir } from "../support/start-weir.ts";
import { startValkey, type TestValkey } from "../../gateway/src/budget/testing/start-valkey.ts";

const budget = 12_000;
/** What a call of the race reserves: its cap, and two bytes of its prompt a token. */
const estimate = 64 + 120;
const calls = 500;

let valkey: TestValkey;
let replicas: RunningWeir[] = [];

beforeEach(async () => {
  valkey = await startValkey();
  const config = {
    limits: { valkeyUrl: valkey.url, replicas: 2 },
    budgets: [{ id: "shared", by: "team", unit: "tokens", limit: budget, window: "month" }],
  };
  replicas = [];
  for (let replica = 0; replica < 2; replica += 1) {
    replicas.push(await startWeir({ workers: 4, config }));
  }
});

afterEach(async () => {
  await Promise.all(replicas.map((weir) => weir.stop()));
  await valkey.close();
});

const callAt = (index: number) => {
  const weir = replicas[index % replicas.length];
  if (weir === undefined) throw new Error("there are two replicas");
  return { url: weir.gateway, key: weir.key };
};

/** Calls one after the other until the budget says that it is spent. */
async function useUp(): Promise<{ tokens: number; isSpent: boolean }> {
  let tokens = 0;
  for (let call = 0; call < 400; call += 1) {
    const one = await race([callAt(call)]);
    tokens += one.tokens;
    if (isSpent(one)) return { tokens, isSpent: true };
  }
  return { tokens, isSpent: false };
}

const isSpent = ({ messages }: Race) => messages.some((text) => text.includes("WEIR_BUDGET_SPENT"));

test(
  "500 calls at once over 2 replicas of 4 workers spend no more than the budget and one call's estimate",
  { timeout: 240_000 },
  async () => {
    // The shared counters are believed once both replicas have had the time to say what they know.
    await race([callAt(0), callAt(1)]);
    await sleep(3_000);
    const first = await race(Array.from({ length: calls }, (_, index) => callAt(index)));
    const rest = await useUp();
    process.stdout.write(
      `race: ${JSON.stringify([...first.statuses])}, ${first.tokens} then ${rest.tokens} of ${budget}\n`,
    );
    const total = first.tokens + rest.tokens;
    expect(total).toBeLessThanOrEqual(budget + estimate);
    expect(rest.isSpent).toBe(true);
    // The first two calls count too, though their tokens are not in the sum.
    expect(total).toBeGreaterThanOrEqual(budget - 4 * estimate);
  },
);

test("the same while Valkey is killed and started again, empty", { timeout: 240_000 }, async () => {
  await race([callAt(0), callAt(1)]);
  await sleep(3_000);
  const batches: Race[] = [];
  for (let batch = 0; batch < 10; batch += 1) {
    const racing = race(Array.from({ length: 50 }, (_, index) => callAt(index)));
    if (batch === 2) {
      // While its answers are on their way.
      await sleep(30);
      await valkey.kill();
    }
    if (batch === 6) await valkey.start();
    batches.push(await racing);
  }
  await sleep(3_000);
  const rest = await useUp();
  const raced = batches.reduce((sum, { tokens }) => sum + tokens, 0);
  process.stdout.write(`race with kill: ${raced} then ${rest.tokens} of ${budget}\n`);
  for (const { statuses } of batches) process.stdout.write(`${JSON.stringify([...statuses])}\n`);
  expect(raced + rest.tokens).toBeLessThanOrEqual(budget + estimate);
  expect(rest.isSpent).toBe(true);
});

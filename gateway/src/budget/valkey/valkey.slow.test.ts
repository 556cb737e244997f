// A real Valkey, or Redis: installed by the test set-up.
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { Emergency } from "../emergency.ts";
import { Keeper } from "../keeper.ts";
import { Leases } from "../leases.ts";
import type { Authority, Charge, Message } from "../protocol.ts";
import { SharedAuthority } from "../shared-authority.ts";
import { startValkey, type TestValkey } from "../testing/start-valkey.ts";
import { ValkeyAuthority } from "./valkey-authority.ts";

let valkey: TestValkey;
const open: ValkeyAuthority[] = [];

beforeAll(async () => {
  valkey = await startValkey();
});
afterEach(() => {
  for (const authority of open.splice(0)) authority.close();
});
afterAll(() => valkey.close());

function connect(spender: string, told: { losses?: () => void; totals?: Emergency } = {}) {
  const authority = new ValkeyAuthority({
    url: valkey.url,
    password: undefined,
    spender,
    onTotal: (key, total) => told.totals?.heard(key, total),
    onLoss: () => told.losses?.(),
    onError: () => undefined,
  });
  open.push(authority);
  return authority;
}

const expiresAtMs = Date.now() + 3_600_000;
const charge = (
  key: string,
  amount: number,
  limit: number,
  more: Partial<Charge> = {},
): Charge => ({
  key,
  amount,
  limit,
  expiresAtMs,
  mustFit: false,
  soft: false,
  ...more,
});

/** Waits until the server believes its counters. */
async function warm(authority: Authority): Promise<void> {
  await vi.waitFor(() => authority.exchange({ positions: [], wants: [] }), {
    timeout: 10_000,
    interval: 100,
  });
}

test("property: Valkey decides as the keeper in memory does", async () => {
  const spenders = ["a", "b", "c"];
  const authorities = new Map(spenders.map((name) => [name, connect(name)]));
  for (const authority of authorities.values()) await warm(authority);
  const wanted = fc.record({
    counter: fc.integer({ min: 0, max: 1 }),
    amount: fc.integer({ min: 1, max: 2_000_000_000 }),
    mustFit: fc.boolean(),
    soft: fc.boolean(),
  });
  const step = fc.record({
    spender: fc.constantFrom(...spenders),
    wants: fc.array(fc.array(wanted, { minLength: 1, maxLength: 2 }), { maxLength: 3 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  let plan = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      plan += 1;
      const keyOf = (counter: number) => `plan-${plan}|0|${counter}`;
      const keeper = new Keeper(() => 0);
      for (const name of spenders) keeper.exchange(name, { positions: [], wants: [] });
      // Valkey counts who holds something of a counter; here each of them always does.
      const positions = [0, 1].map((counter) => ({
        key: keyOf(counter),
        spent: 0,
        held: 0,
        expiresAtMs,
      }));
      for (const name of spenders) {
        const message = { positions, wants: [] };
        await authorities.get(name)?.exchange(message);
        keeper.exchange(name, message);
      }
      const spent = new Map<string, number>();
      for (const { spender, wants, share } of steps) {
        const key = keyOf(0);
        const used = (spent.get(spender) ?? 0) + Math.round(share * 1_000_000_000);
        spent.set(spender, used);
        const message: Message = {
          positions: [{ key, spent: used, held: 0, expiresAtMs }],
          wants: wants.map((want) =>
            want
              .filter((each, at) => want.findIndex((one) => one.counter === each.counter) === at)
              .map(({ counter, amount, mustFit, soft }) =>
                charge(keyOf(counter), amount, 9_007_199_254 * (counter + 1), { mustFit, soft }),
              ),
          ),
        };
        const answers = await authorities.get(spender)?.exchange(message);
        expect(answers).toEqual(keeper.exchange(spender, message));
      }
    }),
    { numRuns: 150 },
  );
});

test("two spenders share a limit to the last of it", async () => {
  const [one, two] = [connect("one"), connect("two")];
  await warm(one);
  await warm(two);
  const leases = [new Leases(one), new Leases(two)];
  const key = "shared|0|x";
  let granted = 0;
  for (let call = 0; call < 400; call += 1) {
    const lease = leases[call % 2];
    const outcome = await lease?.reserve([charge(key, 1, 200)]);
    if (outcome?.granted !== true) continue;
    granted += 1;
    lease?.settle(key, 1, 1);
  }
  for (const lease of leases) {
    lease.tick(0);
    lease.tick(0);
    await lease.flush();
  }
  while ((await leases[0]?.reserve([charge(key, 1, 200)]))?.granted === true) granted += 1;
  expect(granted).toBe(200);
});

test("what the ledger knows and Valkey does not is taken over once", async () => {
  const authority = connect("seeding");
  await warm(authority);
  const key = "seeded|0|x";
  await authority.seed([{ key, spent: 90, expiresAtMs }]);
  await authority.seed([{ key, spent: 90, expiresAtMs }]);
  const wants = [[charge(key, 10, 100)], [charge(key, 10, 100)]];
  const [first, second] = await authority.exchange({ positions: [], wants });
  expect(first).toMatchObject({ granted: true, standings: [{ spent: 90, total: 100 }] });
  expect(second).toMatchObject({ granted: false, standing: { spent: 90, total: 100 } });
});

test("after a kill nothing is granted before every spender could say what it knows, and then all counts", async () => {
  let losses = 0;
  const told: { leases?: Leases } = {};
  const authority = connect("survivor", {
    losses: () => {
      losses += 1;
      told.leases?.tellAll();
    },
  });
  await warm(authority);
  const key = "killed|0|x";
  const leases = new Leases(authority);
  told.leases = leases;
  await leases.reserve([charge(key, 30, 100)]);
  leases.settle(key, 30, 30);
  await leases.flush();
  const before = losses;
  await valkey.kill();
  await expect(leases.reserve([charge(key, 80, 100)])).rejects.toBeInstanceOf(Error);
  await valkey.start();
  const ticking = setInterval(() => leases.tick(0), 50);
  const newcomer = connect("newcomer");
  const wants = [[charge(key, 71, 100, { mustFit: true })]];
  await expect(
    vi.waitFor(() => newcomer.exchange({ positions: [], wants }), { timeout: 1_000, interval: 50 }),
  ).rejects.toThrow("Valkey has just started");
  await warm(newcomer);
  const [answer] = await newcomer.exchange({ positions: [], wants });
  clearInterval(ticking);
  expect(answer).toMatchObject({ granted: false, standing: { spent: 30 } });
  expect(losses).toBeGreaterThan(before);
});

test("a Valkey that hangs holds a call up for less than a tenth of a second, and then none at all", async () => {
  const emergency = new Emergency(2);
  const shared = connect("hanging", { totals: emergency });
  await warm(shared);
  const reached: boolean[] = [];
  const leases = new Leases(
    new SharedAuthority({ shared, emergency, onReach: (isInReach) => reached.push(isInReach) }),
  );
  const key = "hung|0|x";
  await leases.reserve([charge(key, 1, 40)]);
  valkey.freeze();
  const waits: number[] = [];
  for (let call = 0; call < 12; call += 1) {
    const begun = performance.now();
    // Never enough for a call to be decided without asking.
    await leases.reserve([charge(key, 1, 40)]);
    waits.push(performance.now() - begun);
  }
  valkey.thaw();
  expect(reached[0]).toBe(false);
  expect(Math.max(...waits)).toBeLessThan(100);
  expect(waits.filter((ms) => ms > 20).length).toBeLessThanOrEqual(3);
  await vi.waitFor(
    async () => {
      leases.tellAll();
      await leases.flush();
      expect(reached.at(-1)).toBe(true);
    },
    { timeout: 5_000, interval: 50 },
  );
});

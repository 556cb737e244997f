import fc from "fast-check";
import { expect, test } from "vitest";
import { GIVE_BACK_AFTER_MS, Keeper } from "./keeper.ts";
import { Leases, type Outcome } from "./leases.ts";
import type { Answer, Authority, Charge, Message } from "./protocol.ts";

const key = "b|0|ada";
const charge = (amount: number, limit: number, more: Partial<Charge> = {}): Charge => ({
  key,
  amount,
  limit,
  expiresAtMs: 1_000_000,
  mustFit: false,
  soft: false,
  ...more,
});

/** A keeper whose answers come when the test says so, or never. */
class HeldKeeper {
  readonly keeper = new Keeper(() => 0);
  readonly #held: (() => void)[] = [];

  spender(name: string): Authority {
    return {
      exchange: (message: Message) =>
        new Promise<Answer[]>((resolve, reject) => {
          this.#held.push(() => resolve(this.keeper.exchange(name, message)));
          this.#lost.push(() => {
            this.keeper.exchange(name, message);
            reject(new Error("the answer was lost"));
          });
        }),
    };
  }

  readonly #lost: (() => void)[] = [];

  get waiting(): number {
    return this.#held.length;
  }

  async let(index: number, isLost: boolean): Promise<void> {
    const at = index % Math.max(1, this.#held.length);
    const [answer] = this.#held.splice(at, 1);
    const [lose] = this.#lost.splice(at, 1);
    if (isLost) lose?.();
    else answer?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const direct = (keeper: Keeper, name: string): Authority => ({
  exchange: async (message) => keeper.exchange(name, message),
});

const isGranted = (outcome: Outcome) => outcome.granted;

test("calls far from the limit are decided without asking, near it each one is asked for", async () => {
  const keeper = new Keeper(() => 0);
  let asked = 0;
  const leases = new Leases({
    exchange: async (message) => {
      if (message.wants.length > 0) asked += 1;
      return keeper.exchange("one", message);
    },
  });
  let granted = 0;
  for (let call = 0; call < 1_200; call += 1) {
    const outcome = await leases.reserve([charge(1, 1_000)]);
    if (!outcome.granted) continue;
    granted += 1;
    leases.settle(key, 1, 1);
  }
  expect(granted).toBe(1_000);
  expect(asked - 200).toBeLessThan(100);
});

test("a call's charges are reserved all or none", async () => {
  const keeper = new Keeper(() => 0);
  const leases = new Leases(direct(keeper, "one"));
  const other = charge(5, 3, { key: "c|0|x", mustFit: true });
  const outcome = await leases.reserve([charge(1, 10), other]);
  expect(outcome).toMatchObject({ granted: false, charge: { key: "c|0|x" } });
  expect(keeper.standing(key)).toEqual({ spent: 0, total: 0 });
  expect(keeper.standing("c|0|x")).toEqual({ spent: 0, total: 0 });
});

test("what a worker holds and does not need is another's after a tick", async () => {
  const keeper = new Keeper(() => 0);
  const [one, two] = [new Leases(direct(keeper, "1")), new Leases(direct(keeper, "2"))];
  await one.reserve([charge(1, 100)]);
  one.settle(key, 1, 1);
  expect(keeper.standing(key).total).toBeGreaterThan(1);
  one.tick(0);
  one.tick(0);
  await one.flush();
  expect(keeper.standing(key)).toEqual({ spent: 1, total: 1 });
  let granted = 0;
  for (let call = 0; call < 120; call += 1) {
    if ((await two.reserve([charge(1, 100)])).granted) granted += 1;
  }
  expect(granted).toBe(99);
});

test("a worker that dies gives back what it held, after a while, and what it spent stays spent", async () => {
  let now = 0;
  const keeper = new Keeper(() => now);
  const one = new Leases(direct(keeper, "1"));
  await one.reserve([charge(1, 10)]);
  one.settle(key, 1, 1);
  await one.flush();
  await one.reserve([charge(1, 10)]);
  keeper.leave("1");
  now = GIVE_BACK_AFTER_MS - 1;
  keeper.sweep();
  expect(keeper.standing(key)).toEqual({ spent: 1, total: 2 });
  now = GIVE_BACK_AFTER_MS;
  keeper.sweep();
  expect(keeper.standing(key)).toEqual({ spent: 1, total: 1 });
});

test("soft limits refuse nothing and warn once", async () => {
  const keeper = new Keeper(() => 0);
  const leases = new Leases(direct(keeper, "1"));
  const warned: boolean[] = [];
  for (let call = 0; call < 40; call += 1) {
    const outcome = await leases.reserve([charge(1, 5, { soft: true })]);
    warned.push(outcome.granted && outcome.warn.length > 0);
    leases.settle(key, 1, 1);
  }
  expect(warned.filter(Boolean)).toHaveLength(1);
});

test("more than was reserved is counted all the same", async () => {
  const keeper = new Keeper(() => 0);
  const leases = new Leases(direct(keeper, "1"));
  await leases.reserve([charge(10, 100)]);
  leases.settle(key, 10, 250);
  await leases.flush();
  expect(keeper.standing(key).spent).toBe(250);
  expect(isGranted(await leases.reserve([charge(10, 100)]))).toBe(false);
});

test("a ledger that knows more is believed, one that knows less or the same changes nothing", async () => {
  const keeper = new Keeper(() => 0);
  const leases = new Leases(direct(keeper, "1"));
  await leases.reserve([charge(10, 1_000)]);
  const { total } = keeper.standing(key);
  keeper.seed([{ key, spent: 10, expiresAtMs: 1 }]);
  expect(keeper.standing(key).total).toBe(total);
  keeper.seed([{ key, spent: total + 40, expiresAtMs: 1 }]);
  keeper.seed([{ key, spent: total + 40, expiresAtMs: 1 }]);
  expect(keeper.standing(key)).toEqual({ spent: 40, total: total + 40 });
});

interface TestWorker {
  readonly name: string;
  readonly leases: Leases;
  readonly open: number[];
  isAlive: boolean;
}

async function begin(
  worker: TestWorker,
  amount: number,
  { limit, mustFit }: { limit: number; mustFit: boolean },
): Promise<void> {
  try {
    const { granted } = await worker.leases.reserve([charge(amount, limit, { mustFit })]);
    if (granted && worker.isAlive) worker.open.push(amount);
  } catch {
    // The answer was lost: the call is not made.
  }
}

// Every message of three workers may be delayed past any other worker's, or its answer lost; calls
// begin and end in any order; a worker may die.
test("property: whatever the order, no more is spent than the limit and one call's estimate", async () => {
  const step = fc.record({
    worker: fc.integer({ min: 0, max: 2 }),
    action: fc.constantFrom("begin", "end", "answer", "answer", "lose", "tick", "die"),
    amount: fc.integer({ min: 1, max: 9 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    index: fc.nat(100),
  });
  let runs = 0;
  const plan = fc.record({
    limit: fc.integer({ min: 0, max: 60 }),
    mustFit: fc.boolean(),
    steps: fc.array(step, { maxLength: 120 }),
  });
  await fc.assert(
    fc.asyncProperty(plan, async ({ limit, mustFit, steps }) => {
      const held = new HeldKeeper();
      let lives = 0;
      const newWorker = (): TestWorker => {
        const name = `life-${(lives += 1)}`;
        return {
          name,
          leases: new Leases(held.spender(name)),
          open: [],
          isAlive: true,
        };
      };
      const workers = [newWorker(), newWorker(), newWorker()];
      let used = 0;
      for (const { worker: at, action, amount, share, index } of steps) {
        const worker = workers[at];
        if (worker === undefined) continue;
        if (action === "begin") {
          void begin(worker, amount, { limit, mustFit });
        } else if (action === "end") {
          const reserved = worker.open.shift();
          if (reserved !== undefined) {
            const actual = Math.round(reserved * share);
            used += actual;
            worker.leases.settle(key, reserved, actual);
          }
        } else if (action === "tick") worker.leases.tick(0);
        else if (action === "die") {
          worker.isAlive = false;
          // It dies without a word: what calls under way have used up is not known to anybody.
          held.keeper.leave(worker.name);
          workers[at] = newWorker();
        } else await held.let(index, action === "lose");
        await Promise.resolve();
      }
      const most = mustFit ? limit : limit === 0 ? 0 : limit + 9 - 1;
      const underWay = workers.flatMap(({ open }) => open).reduce((sum, each) => sum + each, 0);
      expect(used + underWay).toBeLessThanOrEqual(most);
      runs += 1;
    }),
    { numRuns: 400 },
  );
  expect(runs).toBeGreaterThanOrEqual(400);
});

import { expect, test } from "vitest";
import { MAX_START_FAILURES } from "./back-off.ts";
import { ChildDied, ChildFault } from "./child.ts";
import type { Clock } from "./clock.ts";
import { StoppedError } from "./fault.ts";
import { KeptChild, type KeptChildOptions } from "./kept-child.ts";

interface Facts {
  readonly port: number;
}

/** A child whose life the test leads. */
class ScriptedChild {
  readonly pid = 1;
  readonly settings: unknown[] = [];
  readonly upNow = Promise.withResolvers<unknown>();
  readonly servingNow = Promise.withResolvers<void>();
  readonly gone = Promise.withResolvers<string>();
  readonly exited = this.gone.promise;

  constructor() {
    this.upNow.promise.catch(() => undefined);
    this.servingNow.promise.catch(() => undefined);
  }

  get serving() {
    return this.servingNow.promise;
  }

  start(settings: unknown) {
    this.settings.push(settings);
    return this.upNow.promise;
  }

  serve(facts: Facts) {
    this.upNow.resolve(facts);
    this.servingNow.resolve();
  }

  die(error: Error = new ChildDied("was ended by SIGKILL")) {
    this.upNow.reject(error);
    this.servingNow.reject(error);
    this.gone.resolve(error.message);
  }

  tell() {}
  kill() {
    this.die();
  }
  metrics = async () => null;
  async stop() {
    this.die();
    return this.exited;
  }
}

function setUp(settings?: KeptChildOptions<Facts>["settings"]) {
  const children: ScriptedChild[] = [];
  const waits: number[] = [];
  let now = 0;
  const forked: (() => void)[] = [];
  const clock: Clock = {
    now: () => now,
    sleep: async (ms) => {
      waits.push(ms);
    },
  };
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const kept = new KeptChild<Facts>({
    name: "proxy-0",
    fork: () => {
      const child = new ScriptedChild();
      children.push(child);
      forked.shift()?.();
      return child;
    },
    settings: settings ?? (async (last) => ({ port: last?.port ?? 0 })),
    clock,
    log,
  });
  const child = async (index: number): Promise<ScriptedChild> => {
    while (children.length <= index) await new Promise<void>((resolve) => forked.push(resolve));
    const found = children[index];
    if (found === undefined) throw new Error("no such child");
    return found;
  };
  return { kept, child, children, waits, advance: (ms: number) => (now += ms) };
}

test("a child that dies is started again, with what it said of itself, after a growing wait", async () => {
  const { kept, child, waits } = setUp();
  (await child(0)).serve({ port: 4000 });
  await kept.serving;
  expect(kept.isServing).toBe(true);
  (await child(0)).die();
  const second = await child(1);
  expect(kept.isServing).toBe(false);
  second.die();
  const third = await child(2);
  third.serve({ port: 4000 });
  await expect.poll(() => kept.isServing).toBe(true);
  expect(second.settings).toEqual([{ port: 4000 }]);
  expect(waits).toEqual([100, 200]);
  expect(kept.restarts).toBe(2);
  await kept.stop(0);
});

test("a long life makes the wait short again", async () => {
  const { kept, child, waits, advance } = setUp();
  for (const index of [0, 1]) {
    const each = await child(index);
    each.serve({ port: 1 });
    each.die();
  }
  const third = await child(2);
  third.serve({ port: 1 });
  advance(3_600_000);
  third.die();
  await child(3);
  expect(waits).toEqual([100, 200, 100]);
  await kept.stop(0);
});

test("a child that never comes up is given up after so many deaths", async () => {
  const { kept, child, children } = setUp();
  for (let index = 0; index < MAX_START_FAILURES; index += 1) (await child(index)).die();
  await expect(kept.up).rejects.toThrow("was ended by SIGKILL");
  expect(children).toHaveLength(MAX_START_FAILURES);
});

test("a child that says why it cannot start is not tried again", async () => {
  const { kept, child, children } = setUp();
  (await child(0)).die(new ChildFault("EADDRINUSE", "the port is taken"));
  await expect(kept.serving).rejects.toThrow("the port is taken");
  expect(children).toHaveLength(1);
});

test("once it has been up, a child is started again even when it says that it cannot start", async () => {
  const { kept, child } = setUp();
  const first = await child(0);
  first.serve({ port: 1 });
  await kept.serving;
  first.die();
  (await child(1)).die(new ChildFault("WEIR_STORE_UNUSABLE", "the disk is away"));
  (await child(2)).serve({ port: 1 });
  await expect.poll(() => kept.isServing).toBe(true);
  await kept.stop(0);
});

test("stopping ends a child whose settings wait for another part, and starts no other", async () => {
  const { kept, children } = setUp(() => new Promise(() => undefined));
  await kept.stop(0);
  await expect(kept.up).rejects.toBeInstanceOf(StoppedError);
  expect(children).toHaveLength(1);
});

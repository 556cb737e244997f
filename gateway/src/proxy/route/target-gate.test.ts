import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Health, type ProviderLoad, TargetGate } from "./target-gate.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const openMs = 30_000;
const busy = expect.objectContaining({ code: "WEIR_PROVIDER_BUSY" });
const down = expect.objectContaining({ code: "WEIR_PROVIDER_DOWN", retryAfterSeconds: 30 });

function gateOf(told: { failures?: number; load?: ProviderLoad; minds5xx?: boolean } = {}) {
  return new TargetGate({
    name: "p",
    load: told.load ?? { inFlight: 0, maxConcurrent: null },
    minds5xx: told.minds5xx ?? true,
    failures: told.failures ?? 3,
    openMs,
  });
}

/** An attempt whose head and end the test brings about. */
function attempt() {
  const health = Promise.withResolvers<Health>();
  const ended = Promise.withResolvers<string>();
  return {
    start: vi.fn<() => { health: Promise<Health>; ended: Promise<string> }>(() => ({
      health: health.promise,
      ended: ended.promise,
    })),
    head: (value: Health) => health.resolve(value),
    end: () => ended.resolve("ended"),
  };
}

async function enter(gate: TargetGate, health: Health): Promise<string> {
  return gate.enter(() => ({
    health: Promise.resolve(health),
    ended: Promise.resolve("ended"),
  }));
}

/** A turn of the event loop: the breaker has then heard of what came before. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

async function failTimes(gate: TargetGate, times: number): Promise<void> {
  for (let count = 0; count < times; count += 1) {
    await enter(gate, "failing");
    await turn();
  }
}

describe("the limit of calls at once", () => {
  test("holds over all targets of a provider, and names the limit to whoever is refused", async () => {
    const load = { inFlight: 0, maxConcurrent: 2 };
    const [left, right] = [gateOf({ load }), gateOf({ load })];
    const [first, second, third] = [attempt(), attempt(), attempt()];
    const one = left.enter(first.start);
    void right.enter(second.start);
    await expect(left.enter(third.start)).rejects.toEqual(busy);
    await expect(right.enter(third.start)).rejects.toMatchObject({
      kind: "rate_limited",
      retryAfterSeconds: 1,
      limit: { name: "provider-p", quota: 2 },
    });
    expect(third.start).not.toHaveBeenCalled();
    first.head("healthy");
    await turn();
    await expect(right.enter(third.start)).rejects.toEqual(busy);
    first.end();
    await one;
    void right.enter(third.start);
    expect(third.start).toHaveBeenCalledOnce();
    expect(load.inFlight).toBe(2);
  });

  test("is given back by an attempt that fails to start", async () => {
    const load = { inFlight: 0, maxConcurrent: 1 };
    const gate = gateOf({ load });
    for (let count = 0; count < 5; count += 1) {
      const failing = gate.enter(() => {
        throw new Error("cannot start");
      });
      await expect(failing).rejects.toThrow("cannot start");
    }
    expect(load.inFlight).toBe(0);
    await expect(enter(gate, "healthy")).resolves.toBe("ended");
  });
});

describe("the breaker", () => {
  test("opens after so many failures in a row; a success in between starts the count again", async () => {
    const gate = gateOf();
    await failTimes(gate, 2);
    await enter(gate, "healthy");
    await turn();
    await failTimes(gate, 2);
    expect(gate.isClosed).toBe(true);
    await failTimes(gate, 1);
    expect(gate.isClosed).toBe(false);
    const refused = attempt();
    await expect(gate.enter(refused.start)).rejects.toEqual(down);
    expect(refused.start).not.toHaveBeenCalled();
  });

  test("lets a single call try after its time, and closes when that one is answered", async () => {
    const gate = gateOf();
    await failTimes(gate, 3);
    vi.advanceTimersByTime(openMs - 1);
    await expect(enter(gate, "healthy")).rejects.toEqual(down);
    vi.advanceTimersByTime(1);
    const probe = attempt();
    const probing = gate.enter(probe.start);
    const others = Array.from({ length: 5 }, () => attempt());
    for (const other of others) {
      await expect(gate.enter(other.start)).rejects.toEqual(down);
      expect(other.start).not.toHaveBeenCalled();
    }
    probe.head("healthy");
    await turn();
    expect(gate.isClosed).toBe(true);
    await expect(enter(gate, "healthy")).resolves.toBe("ended");
    probe.end();
    await probing;
  });

  test("stays open for its whole time again when the one that tried has failed", async () => {
    const gate = gateOf();
    await failTimes(gate, 3);
    vi.advanceTimersByTime(openMs);
    await failTimes(gate, 1);
    vi.advanceTimersByTime(openMs - 1);
    await expect(enter(gate, "healthy")).rejects.toEqual(down);
    vi.advanceTimersByTime(1);
    await expect(enter(gate, "healthy")).resolves.toBe("ended");
  });

  test("does not stay half-open for ever because the one that tried could not start", async () => {
    const gate = gateOf();
    await failTimes(gate, 3);
    vi.advanceTimersByTime(openMs);
    const failing = gate.enter(() => {
      throw new Error("cannot start");
    });
    await expect(failing).rejects.toThrow("cannot start");
    vi.advanceTimersByTime(openMs);
    await expect(enter(gate, "healthy")).resolves.toBe("ended");
    await turn();
    expect(gate.isClosed).toBe(true);
  });

  test("is not kept from deciding by streams that go on for minutes", async () => {
    const gate = gateOf();
    const streams = Array.from({ length: 3 }, () => attempt());
    const ends = streams.map((stream) => gate.enter(stream.start));
    for (const stream of streams) stream.head("failing");
    await turn();
    expect(gate.isClosed).toBe(false);
    vi.advanceTimersByTime(openMs);
    const probe = attempt();
    const probing = gate.enter(probe.start);
    probe.head("healthy");
    await turn();
    vi.advanceTimersByTime(60_000);
    expect(gate.isClosed).toBe(true);
    await expect(enter(gate, "healthy")).resolves.toBe("ended");
    for (const stream of [...streams, probe]) stream.end();
    await Promise.all([...ends, probing]);
  });
});

test("a provider's 5xx counts where there is another target, no answer everywhere", () => {
  const [one, several] = [gateOf({ minds5xx: false }), gateOf({ minds5xx: true })];
  for (const status of [200, 302, 400, 401, 404, 429]) {
    expect(one.healthOf(status)).toBe("healthy");
    expect(several.healthOf(status)).toBe("healthy");
  }
  for (const status of [500, 502, 503, 529]) {
    expect(one.healthOf(status)).toBe("healthy");
    expect(several.healthOf(status)).toBe("failing");
  }
  expect(one.healthOf(0)).toBe("failing");
});

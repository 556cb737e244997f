import { afterEach, expect, test } from "vitest";
import { createEstimator, type EstimateResult, type Estimator } from "./create-estimator.ts";
import type { EstimatorOptions } from "./create-estimator.ts";

const open: Estimator[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((estimator) => estimator.close()));
});

const threadAt = (name: string) => new URL(`./testing/${name}.ts`, import.meta.url);

function start(options: EstimatorOptions) {
  const results: EstimateResult[] = [];
  const estimator = createEstimator({ ...options, onResult: (result) => results.push(result) });
  open.push(estimator);
  const estimate = (output: string) => estimator.estimate({ input: null, output, model: "m" });
  return { estimator, estimate, results };
}

test("an estimate is given up after the timeout, and the next one has a thread of its own", async () => {
  const { estimate, results } = start({ threadUrl: threadAt("silent-worker"), timeoutMs: 100 });
  expect(await estimate("a")).toBeNull();
  expect(await estimate("b")).toBeNull();
  expect(results).toEqual(["timed_out", "timed_out"]);
});

test("one that waits too long for its turn is given up without having been counted", async () => {
  const { estimate, results } = start({ threadUrl: threadAt("silent-worker"), timeoutMs: 100 });
  expect(await Promise.all([estimate("a"), estimate("b"), estimate("c")])).toEqual([
    null,
    null,
    null,
  ]);
  expect(results).toEqual(["timed_out", "timed_out", "timed_out"]);
});

test("more than the queue holds is refused at once", async () => {
  const { estimate, results, estimator } = start({
    threadUrl: threadAt("silent-worker"),
    maxWaiting: 2,
  });
  const kept = [estimate("a"), estimate("b"), estimate("c")];
  expect(await estimate("d")).toBeNull();
  expect(results).toEqual(["queue_full"]);
  await estimator.close();
  expect(await Promise.all(kept)).toEqual([null, null, null]);
});

test("more memory than the queue may hold is refused at once", async () => {
  const { estimate, results } = start({
    threadUrl: threadAt("silent-worker"),
    maxWaitingBytes: 2_000,
    timeoutMs: 100,
  });
  const first = [estimate("a".repeat(900)), estimate("a".repeat(900))];
  expect(await estimate("a".repeat(200))).toBeNull();
  expect(results).toEqual(["queue_full"]);
  await Promise.all(first);
});

test("a thread that dies costs the text that killed it, and is started again", async () => {
  const { estimate, results } = start({ threadUrl: threadAt("dying-worker") });
  expect(await estimate("four")).toMatchObject({ outputTokens: 4 });
  expect(await estimate("die")).toBeNull();
  await expect
    .poll(() => estimate("again"), { timeout: 5_000 })
    .toMatchObject({
      outputTokens: 5,
    });
  expect(results.slice(0, 2)).toEqual(["estimated", "failed"]);
});

test("a thread that cannot start is not started for every text", async () => {
  const { estimate, results } = start({ threadUrl: threadAt("no-such-worker") });
  expect(await estimate("a")).toBeNull();
  const before = performance.now();
  for (let at = 0; at < 200; at += 1) expect(await estimate("a")).toBeNull();
  // 200 starts take seconds.
  expect(performance.now() - before).toBeLessThan(500);
  expect(new Set(results)).toEqual(new Set(["failed"]));
});

test("an idle thread ends, and the next text starts another", async () => {
  const { estimate } = start({ threadUrl: threadAt("dying-worker"), idleMs: 1 });
  const isItsFirst = async () => (await estimate("how many so far"))?.outputTokens === 1;
  expect(await isItsFirst()).toBe(true);
  await expect.poll(isItsFirst).toBe(true);
});

test("closing gives up what is under way and what waits, and nothing starts after it", async () => {
  const { estimate, estimator } = start({ threadUrl: threadAt("silent-worker") });
  const under = [estimate("a"), estimate("b")];
  await estimator.close();
  expect(await Promise.all(under)).toEqual([null, null]);
  expect(await estimate("c")).toBeNull();
});

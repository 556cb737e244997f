import { afterEach, expect, test } from "vitest";
import { observedCall } from "./testing/observed-calls.ts";
import { startObserved, type Observed } from "./testing/start-observed.ts";

const open: Observed[] = [];
const start = async (...options: Parameters<typeof startObserved>) => {
  const observed = await startObserved(...options);
  open.push(observed);
  return observed;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((observed) => observed.close()));
});

test("a collector gets the service, its version and instance, and the configured headers", async () => {
  const { record, flush, receiver } = await start();
  record(observedCall());
  await flush();
  const paths = receiver.requests.map(({ path }) => path);
  expect(paths.toSorted()).toEqual(["/v1/metrics", "/v1/traces"]);
  for (const { headers } of receiver.requests) {
    expect(headers.authorization).toBe("Bearer for-the-collector");
  }
  for (const resource of receiver.resources()) {
    expect(resource).toMatchObject({
      "service.name": "weir-test",
      "service.version": "1.2.3",
      "service.instance.id": "proxy-0",
      "deployment.environment.name": "test",
    });
  }
  for (const { scope, schemaUrl } of receiver.scopes()) {
    expect(scope).toMatchObject({ name: "weir", version: "1.2.3" });
    expect(schemaUrl).toBe("https://opentelemetry.io/schemas/1.41.1");
  }
});

test("a collector that is down costs spans, not calls, and holds up the end three seconds at most", async () => {
  const { record, flush } = await start({ endpoint: "http://127.0.0.1:1" });
  for (let at = 0; at < 6_000; at += 1) record(observedCall({ attempts: [] }));
  const before = performance.now();
  await flush();
  expect(performance.now() - before).toBeLessThan(4_000);
});

test("a collector that refuses is told of once, not for every export", async () => {
  const { record, flush, problems, receiver } = await start({ collectorStatus: 403 });
  for (let at = 0; at < 300; at += 1) record(observedCall());
  await flush();
  expect(receiver.requests.length).toBeGreaterThan(2);
  expect(problems).toHaveLength(1);
  expect(problems[0]).not.toContain("for-the-collector");
});

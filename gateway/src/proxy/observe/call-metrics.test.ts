import { afterEach, beforeEach, expect, test } from "vitest";
import { observedCall, provider, usage } from "./testing/observed-calls.ts";
import { startObserved, type Observed } from "./testing/start-observed.ts";

let observed: Observed;
beforeEach(async () => {
  observed = await startObserved();
});
afterEach(() => observed.close());

const shared = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "anthropic",
  "gen_ai.request.model": "claude-opus-4-5",
  "server.address": "api.anthropic.com",
  "server.port": 443,
};

test("the histograms of tokens hold input and output, in the conventions' buckets", async () => {
  observed.record(observedCall());
  const points = await observed.points("gen_ai.client.token.usage");
  expect(points.map(({ attributes, sum, unit }) => ({ attributes, sum, unit }))).toEqual([
    { attributes: { ...shared, "gen_ai.token.type": "input" }, sum: 2_443, unit: "{token}" },
    { attributes: { ...shared, "gen_ai.token.type": "output" }, sum: 57, unit: "{token}" },
  ]);
  expect(points[0]?.bounds).toHaveLength(14);
  expect(points[0]?.bounds.at(-1)).toBe(67_108_864);
});

test("the histograms of tokens leave estimates out", async () => {
  observed.record(observedCall({ usage: { ...usage, source: "estimated" } }));
  expect(await observed.points("gen_ai.client.token.usage")).toEqual([]);
});

test("the histograms of time are in seconds and tell what went wrong", async () => {
  observed.record(observedCall());
  observed.record(observedCall({ outcome: "upstream_error", upstreamStatus: 429, stream: false }));
  const durations = await observed.points("gen_ai.client.operation.duration");
  expect(durations.map(({ attributes, sum }) => ({ attributes, sum }))).toEqual([
    { attributes: shared, sum: 1.9005 },
    { attributes: { ...shared, "error.type": "429" }, sum: 1.9005 },
  ]);
  expect(durations[0]?.bounds.at(-1)).toBe(81.92);
  const firsts = await observed.points("gen_ai.client.operation.time_to_first_chunk");
  expect(firsts.map(({ sum, unit }) => [sum, unit])).toEqual([[0.82025, "s"]]);
});

test("the histograms hold no model that no provider has answered for", async () => {
  observed.record(
    observedCall({ model: "made-up", outcome: "upstream_error", upstreamStatus: 404 }),
  );
  const [point] = await observed.points("gen_ai.client.operation.duration");
  expect(point?.attributes).not.toHaveProperty("gen_ai.request.model");
});

test("a provider of the same host is known by where it is, another by what it speaks", async () => {
  const attempts = observedCall().attempts;
  for (const baseUrl of ["https://eu.openai.azure.com/openai/v1", "http://10.0.0.7:8000/v1"]) {
    observed.record(
      observedCall({ provider: { ...provider, dialect: "openai", baseUrl }, attempts }),
    );
  }
  const durations = await observed.points("gen_ai.client.operation.duration");
  expect(durations.map(({ attributes }) => attributes)).toMatchObject([
    { "gen_ai.provider.name": "azure.ai.openai", "server.port": 443 },
    { "gen_ai.provider.name": "openai", "server.address": "10.0.0.7", "server.port": 8000 },
  ]);
});

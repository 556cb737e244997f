import { readFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { createEstimator } from "./create-estimator.ts";

const estimator = createEstimator();
afterAll(() => estimator.close());

const outputTokensOf = async (output: string, model = "gpt-5") =>
  (await estimator.estimate({ input: null, output, model }))?.outputTokens;

test.each([
  ["", 0],
  ["a", 1],
  ["Hello, world!", 4],
  ["The quick brown fox jumps over the lazy dog.", 10],
  ["1234567890", 4],
])("o200k counts %j as %i tokens", async (text, tokens) => {
  expect(await outputTokensOf(text)).toBe(tokens);
});

test.each(["o200k_base", "cl100k_base"])(
  "%s agrees with the token ids that tiktoken gave for its test texts",
  async (encoding) => {
    const model = encoding === "o200k_base" ? "gpt-4o" : "gpt-4";
    const plans = testPlans(encoding);
    expect(plans.length).toBeGreaterThan(20);
    for (const { sample, tokens } of plans) {
      expect(await outputTokensOf(sample, model), sample).toBe(tokens);
    }
  },
);

test("text that looks like a special token is text", async () => {
  const tokens = await outputTokensOf("<|endoftext|><|im_start|>");
  expect(tokens).toBeGreaterThan(6);
});

test("input and output are counted apart, and input only when asked for", async () => {
  const texts = { input: "Hello, world!", output: "a", model: "gpt-5" };
  expect(await estimator.estimate(texts)).toEqual({ inputTokens: 4, outputTokens: 1 });
  expect(await estimator.estimate({ ...texts, input: null })).toEqual({
    inputTokens: null,
    outputTokens: 1,
  });
});

test("a sampled estimate of a mixed text is within 3 % of the whole count", async () => {
  const text = mixedText(700_000);
  const whole = createEstimator({ maxSampleCharacters: Number.POSITIVE_INFINITY });
  const exact = await whole.estimate({ input: null, output: text, model: "gpt-5" });
  await whole.close();
  const sampled = await outputTokensOf(text);
  if (exact === null || sampled === undefined) throw new Error("an estimate was given up");
  expect(sampled).not.toBe(exact.outputTokens);
  expect(Math.abs(sampled / exact.outputTokens - 1)).toBeLessThan(0.03);
});

test("what a bounded buffer left out is counted by the length it tells", async () => {
  const text = "Some words of an answer. ".repeat(400);
  const tokens = (await outputTokensOf(text)) ?? 0;
  const kept = { length: text.length * 3, text: () => text };
  const estimate = await estimator.estimate({ input: null, output: kept, model: "gpt-5" });
  expect(estimate?.outputTokens).toBe(tokens * 3);
});

test("nothing is said about a text of which nothing was kept", async () => {
  const lost = { length: 2_000_000, text: () => "" };
  expect(await estimator.estimate({ input: null, output: lost, model: "m" })).toBeNull();
});

/** Prose, code, figures and Chinese in blocks of changing length, the same at every run. */
function mixedText(characters: number): string {
  const blocks = [
    "When the river is high the weir lets most of it pass, and measures what it does. ",
    "export function settle(usage: Usage | null): Cost { return usage === null ? none : sum(usage); }\n",
    "2026-11-23T05:57:28Z\t1834.22\t0.000417\t99.95%\n",
    "水位が高いときは、堰は大部分を通し、その流量を測定します。",
  ];
  let text = "";
  for (let at = 0; text.length < characters; at += 1) {
    text += (blocks[at % blocks.length] ?? "").repeat(1 + ((at * 7919) % 97));
  }
  return text;
}

function testPlans(encoding: string): { sample: string; tokens: number }[] {
  const file = new URL("./data/TestPlans.txt", import.meta.resolve("gpt-tokenizer/package.json"));
  return readFileSync(file, "utf8")
    .split(/^EncodingName: /m)
    .filter((plan) => plan.startsWith(`${encoding}\n`))
    .map((plan) => {
      const [, sample = "", ids = ""] = /^.*\nSample: ([^]*)\nEncoded: \[(.*)\]/.exec(plan) ?? [];
      return { sample, tokens: ids === "" ? 0 : ids.split(",").length };
    });
}

import fc from "fast-check";
import { expect, test } from "vitest";
import { isLinear, linearCostOf } from "./linear-cost.ts";
import { loadPriceTable } from "./price-table.ts";
import { calculatedCostOf } from "./table-cost.ts";

const count = fc.oneof(fc.constant(0), fc.nat(300_000));
const tokenCounts = fc.record({
  inputUncached: count,
  cacheRead: count,
  cacheWrite5m: count,
  cacheWrite1h: count,
  outputVisible: count,
  outputReasoning: count,
  toolUsePrompt: count,
  audioIn: count,
  audioOut: count,
});

test("every model with one rate a class costs what the library calculates", () => {
  let compared = 0;
  for (const provider of loadPriceTable().providers) {
    for (const model of provider.models) {
      if (!isLinear(model.prices)) continue;
      compared += 1;
      const slow = calculatedCostOf({ provider, model }, model.id);
      const fast = linearCostOf(slow);
      fc.assert(
        fc.property(tokenCounts, (tokens) => {
          const [is, should] = [fast(tokens, {}), slow(tokens, {})];
          expect(is.status).toBe(should.status);
          expect(is.priceVersion).toBe(should.priceVersion);
          // Where a sum falls between two micro-dollars, floating point decides.
          expect(Math.abs((is.microUsd ?? 0) - (should.microUsd ?? 0))).toBeLessThanOrEqual(1);
        }),
        { numRuns: 5, seed: compared },
      );
    }
  }
  expect(compared).toBeGreaterThan(1_400);
});

test("a price in tiers, by date or by request is not linear", () => {
  expect(isLinear({ input_mtok: 1, requests_kcount: 12 })).toBe(false);
  expect(isLinear({ input_mtok: { base: 1, tiers: [] } })).toBe(false);
  expect(isLinear([{ prices: { input_mtok: 1 } }])).toBe(false);
});

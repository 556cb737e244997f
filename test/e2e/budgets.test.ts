import { afterEach, expect, test } from "vitest";
import { type RunningWeir, startWeir } from "../support/start-weir.ts";
import { race } from "../support/spend-race.ts";

let weir: RunningWeir | undefined;
afterEach(async () => {
  await weir?.stop();
  weir = undefined;
});

test("500 calls at once over 4 workers spend no more than the budget and one call's estimate", async () => {
  const budget = 5_000;
  weir = await startWeir({
    workers: 4,
    config: {
      budgets: [{ id: "everybody", by: "person", unit: "tokens", limit: budget, window: "month" }],
    },
  });
  const { gateway: url, key } = weir;
  const first = await race(Array.from({ length: 500 }, () => ({ url, key })));
  const estimate = 64 + 300;
  expect(first.tokens).toBeLessThanOrEqual(budget + estimate);
  // Calls that were refused for what others had only reserved get the rest, one after the other.
  let { tokens } = first;
  let last = first;
  for (
    let call = 0;
    call < 100 && !last.messages.some((text) => /is spent/.test(text));
    call += 1
  ) {
    last = await race([{ url, key }]);
    tokens += last.tokens;
  }
  expect(tokens).toBeGreaterThanOrEqual(budget);
  expect(tokens).toBeLessThanOrEqual(budget + estimate);
});

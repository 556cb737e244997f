import type { UnpricedModel } from "@weir/gateway/contracts";
import { expect, test } from "vitest";
import { priceLines, recomputeCommand } from "./price-lines.ts";

const model = (provider: string, name: string, day: number): UnpricedModel => ({
  provider,
  model: name,
  calls: 1,
  tokens: 1,
  firstSeenMs: Date.UTC(2026, 10, day, 23, 59),
  lastSeenMs: Date.UTC(2026, 10, day + 1),
  hasPriceNow: false,
});
const models = [model("own", "llama", 3), model("lab", 'a: "b"', 1), model("own", "qwen", 2)];

test("lines for weir.yaml name each provider once, quote what needs quotes, and set no price", () => {
  expect(priceLines(models)).toBe(`providers:
  - name: own
    prices:
      "llama": { input: …, output: … }
      "qwen": { input: …, output: … }
  - name: lab
    prices:
      "a: \\"b\\"": { input: …, output: … }
`);
});

test("the command spans the UTC days of all calls", () => {
  expect(recomputeCommand(models)).toBe(
    "npm run weir -- prices recompute --from 2026-11-01 --to 2026-11-04 --yes",
  );
});

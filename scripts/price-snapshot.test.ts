import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parsePriceTable, snapshotPath } from "../gateway/src/prices/price-table.ts";
import { snapshotText } from "./price-snapshot.ts";

const committed = readFileSync(snapshotPath, "utf8");

test("the price snapshot is what the pinned package gives (else run scripts/vendor-prices.ts)", async () => {
  expect(await snapshotText(committed, "2099-01-01")).toBe(committed);
});

test("a snapshot of other data takes the day's date", async () => {
  const text = await snapshotText(committed.replace('"version": "', '"version": "9'), "2099-01-01");
  expect(parsePriceTable(text).vendoredOn).toBe("2099-01-01");
});

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadPriceTable, parsePriceTable, snapshotPath } from "./price-table.ts";

const text = readFileSync(snapshotPath, "utf8");

test("the snapshot that comes with Weir is sound, and names its version and digest", () => {
  expect(loadPriceTable().version).toMatch(/^genai-prices@\d+\.\d+\.\d+\+[0-9a-f]{8}$/);
  expect(text).toContain("The MIT License (MIT)");
});

test.each([
  ["cut off", text.slice(0, -5), "is not JSON"],
  ["no table", "[]", "is broken at its root"],
  ["a price that is a text", text.replace('"input_mtok":8', '"input_mtok":"8"'), "/providers/0/"],
  ["a negative price", text.replace('"input_mtok":8', '"input_mtok":-8'), "/providers/0/"],
  ["an unknown field", text.replace('"match":', '"matches":1,"match":'), "/providers/0/"],
  ["another price", text.replace('"input_mtok":8', '"input_mtok":7'), "SHA-256"],
])("a table with %s stops the boot and says where the fault is", (_what, broken, reason) => {
  expect(broken).not.toBe(text);
  expect(() => parsePriceTable(broken)).toThrow(
    expect.objectContaining({
      code: "WEIR_PRICE_TABLE",
      message: expect.stringContaining(reason),
    }),
  );
});

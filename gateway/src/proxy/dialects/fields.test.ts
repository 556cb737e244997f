import { describe, expect, test } from "vitest";
import { countField, modelField, shortText, toolName } from "./fields.ts";

const invalid = expect.objectContaining({ code: "WEIR_FIELD_INVALID" });

// ClickHouse takes neither, so that a call which named them would leave no row in the ledger.
describe("attack: what the ledger cannot store is not taken from a caller", () => {
  test.each(["\ud800", "sim-\udfff", "a\ud800b"])("half a character in a name: %j", (name) => {
    expect(() => modelField({ model: name })).toThrow(invalid);
    expect(() => toolName(name)).toThrow(invalid);
    expect(shortText(name)).toBe("");
  });

  test.each([1e300, 2 ** 53, -1, 0.5, Number.MIN_VALUE])("the count %d", (count) => {
    expect(() => countField({ max_tokens: count }, "max_tokens")).toThrow(invalid);
  });

  test("whole characters and counts are taken as they are", () => {
    expect(modelField({ model: "😀" })).toBe("😀");
    expect(toolName(undefined, "日本")).toBe("日本");
    expect(shortText("é😀")).toBe("é😀");
    expect(countField({ n: Number.MAX_SAFE_INTEGER }, "n")).toBe(Number.MAX_SAFE_INTEGER);
  });
});

import { describe, expect, test } from "vitest";
import { checkedTimeZone, daysOf } from "./day-range.ts";

describe("the days of a range", () => {
  test("include both ends, leap days too", () => {
    expect(daysOf({ from: "2028-02-28", to: "2028-03-01" })).toEqual([
      "2028-02-28",
      "2028-02-29",
      "2028-03-01",
    ]);
    expect(daysOf({ from: "2026-11-23", to: "2026-11-23" })).toEqual(["2026-11-23"]);
  });

  test.each([
    ["2026-02-30", "2026-03-01"],
    ["2026-13-01", "2026-13-02"],
    ["2026-03-02", "2026-03-01"],
    ["2026-01-01", "2027-12-31"],
  ])("from %s to %s is refused", (from, to) => {
    expect(() => daysOf({ from, to })).toThrow(
      expect.objectContaining({ code: "WEIR_INVALID_RANGE" }),
    );
  });
});

test("time zones are IANA names, in whatever case", () => {
  expect(checkedTimeZone("europe/berlin")).toBe("Europe/Berlin");
  expect(checkedTimeZone("UTC")).toBe("UTC");
  for (const wrong of ["+02:00", "Berlin", ""]) {
    expect(() => checkedTimeZone(wrong)).toThrow(
      expect.objectContaining({ code: "WEIR_INVALID_TIME_ZONE" }),
    );
  }
});

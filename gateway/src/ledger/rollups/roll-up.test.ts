import { describe, expect, test } from "vitest";
import { isWhole, startOfDay, ttlDays } from "./roll-up.ts";

describe("whether all rows of a day can still be there", () => {
  const begins = startOfDay("20261101");

  test("ends as soon as its first row may have expired", () => {
    expect(isWhole("20261101", 14, begins + 14 * 86_400_000 - 1)).toBe(true);
    expect(isWhole("20261101", 14, begins + 14 * 86_400_000)).toBe(false);
    expect(isWhole("20261101", Number.POSITIVE_INFINITY, begins * 2)).toBe(true);
  });

  test("goes by the TTL of the table", () => {
    expect(
      ttlDays("ENGINE = MergeTree TTL toDateTime(started_at) + toIntervalDay(14) SETTINGS x = 1"),
    ).toBe(14);
    expect(ttlDays("ENGINE = MergeTree ORDER BY id")).toBe(Number.POSITIVE_INFINITY);
  });

  test("cannot be asked of what is no day", () => {
    expect(() => startOfDay("2026-11-01")).toThrow(RangeError);
    expect(() => startOfDay("20261301")).toThrow(RangeError);
  });
});

import { expect, test } from "vitest";
import { presetRange, rangeProblem, shiftRange } from "./range.ts";

const today = "2026-03-02";

test("presets end today, but last month, which is whole", () => {
  expect(presetRange("today", today)).toEqual({ from: today, to: today });
  expect(presetRange("7d", today)).toEqual({ from: "2026-02-24", to: today });
  expect(presetRange("30d", today)).toEqual({ from: "2026-02-01", to: today });
  expect(presetRange("mtd", today)).toEqual({ from: "2026-03-01", to: today });
  expect(presetRange("last-month", today)).toEqual({ from: "2026-02-01", to: "2026-02-28" });
  expect(presetRange("last-month", "2026-01-15")).toEqual({ from: "2025-12-01", to: "2025-12-31" });
});

test("a custom range that cannot be asked for says why", () => {
  expect(rangeProblem("2026-02-01", "2026-02-28")).toBeNull();
  expect(rangeProblem("", "2026-02-28")).toBe("Enter a first day.");
  expect(rangeProblem("2026-02-01", "2026-02-30")).toBe("Enter a last day.");
  expect(rangeProblem("2026-03-01", "2026-02-28")).toContain("must not be after");
  expect(rangeProblem("2024-01-01", "2026-02-28")).toContain("366 days");
});

test("shifting moves a range by its own length, with neither gap nor overlap", () => {
  const week = { from: "2026-02-24", to: "2026-03-02" };
  expect(shiftRange(week, -1)).toEqual({ from: "2026-02-17", to: "2026-02-23" });
  expect(shiftRange(shiftRange(week, -1), 1)).toEqual(week);
});

import { expect, test } from "vitest";
import { formatInstant, formatRelativeDay } from "./clock.ts";
import { formatAgo, formatMicros, formatMs } from "./duration.ts";
import { formatMoney, formatMoneyExact } from "./money.ts";
import { formatCompact, formatShare } from "./numbers.ts";

test("a small amount of money never reads as zero", () => {
  expect(formatMoney(0)).toBe("$0.00");
  expect(formatMoney(1)).toBe("<$0.0001");
  expect(formatMoney(1230)).toBe("$0.0012");
  expect(formatMoney(12_345_678)).toBe("$12.35");
  expect(formatMoney(12_345_678_000)).toBe("$12.35K");
});

test("an exact amount keeps every micro-dollar", () => {
  expect(formatMoneyExact(1)).toBe("$0.000001");
  expect(formatMoneyExact(2_500_000)).toBe("$2.50");
});

test("durations carry the unit that suits their size", () => {
  expect(formatMs(3.24)).toBe("3.2 ms");
  expect(formatMs(999.6)).toBe("1 s");
  expect(formatMs(1240)).toBe("1.24 s");
  expect(formatMs(59_980)).toBe("1 min 0 s");
  expect(formatMs(125_000)).toBe("2 min 5 s");
  expect(formatMicros(310)).toBe("310 µs");
  expect(formatMicros(1200)).toBe("1.2 ms");
  expect(formatAgo(-5)).toBe("just now");
  expect(formatAgo(61_000)).toBe("1 min ago");
});

test("there is no share of nothing", () => {
  expect(formatShare(0, 0)).toBeNull();
  expect(formatShare(1, 8)).toBe("12.5%");
  expect(formatCompact(1_234_567)).toBe("1.23M");
});

test("an instant is told in the zone that is named beside it", () => {
  const ms = Date.UTC(2026, 10, 21, 23, 30, 5);
  expect(formatInstant(ms, "Europe/Berlin")).toBe("Sun 22 Nov 2026, 00:30:05 (Europe/Berlin)");
  expect(formatRelativeDay(ms, ms + 3_600_000, "Europe/Berlin")).toBe("Today");
  expect(formatRelativeDay(ms, ms + 3_600_000, "UTC")).toBe("Yesterday");
});

import { describe, expect, test } from "vitest";
import {
  addDays,
  countDays,
  dayIn,
  formatDays,
  isCalendarDay,
  startOfWeek,
} from "./calendar-day.ts";

describe("dayIn", () => {
  test("counts days in the asked zone, not in the machine's or in UTC", () => {
    const justBeforeMidnightUtc = Date.UTC(2026, 10, 21, 23, 30);
    expect(dayIn("UTC", justBeforeMidnightUtc)).toBe("2026-11-21");
    expect(dayIn("Europe/Berlin", justBeforeMidnightUtc)).toBe("2026-11-22");
    expect(dayIn("America/Los_Angeles", justBeforeMidnightUtc)).toBe("2026-11-21");
    expect(dayIn("Pacific/Kiritimati", justBeforeMidnightUtc)).toBe("2026-11-22");
  });

  test("is right on both sides of the hour that daylight saving repeats", () => {
    expect(dayIn("Europe/Berlin", Date.UTC(2026, 9, 24, 21, 59))).toBe("2026-10-24");
    expect(dayIn("Europe/Berlin", Date.UTC(2026, 9, 24, 22, 0))).toBe("2026-10-25");
    expect(dayIn("Europe/Berlin", Date.UTC(2026, 9, 25, 22, 59))).toBe("2026-10-25");
    expect(dayIn("Europe/Berlin", Date.UTC(2026, 9, 25, 23, 0))).toBe("2026-10-26");
  });
});

test("days are added across months, years and leap days", () => {
  expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
  expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
  expect(addDays("2026-03-01", -1)).toBe("2026-02-28");
  expect(countDays("2026-10-20", "2026-10-30")).toBe(11);
});

test("a day that does not exist is no day", () => {
  expect(isCalendarDay("2026-02-29")).toBe(false);
  expect(isCalendarDay("2028-02-29")).toBe(true);
  expect(isCalendarDay("2026-13-01")).toBe(false);
  expect(isCalendarDay("22.11.2026")).toBe(false);
  expect(isCalendarDay(20_261_122)).toBe(false);
});

test("weeks begin on Monday", () => {
  expect(startOfWeek("2026-11-22")).toBe("2026-11-16");
  expect(startOfWeek("2026-11-16")).toBe("2026-11-16");
});

test("a range of days says what its ends do not share, once", () => {
  expect(formatDays("2026-11-22", "2026-11-22")).toBe("22 Nov 2026");
  expect(formatDays("2026-11-01", "2026-11-22")).toBe("1–22 Nov 2026");
  expect(formatDays("2026-10-28", "2026-11-03")).toBe("28 Oct – 3 Nov 2026");
  expect(formatDays("2025-12-30", "2026-01-02")).toBe("30 Dec 2025 – 2 Jan 2026");
});

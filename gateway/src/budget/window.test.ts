import { describe, expect, test } from "vitest";
import { CurrentWindow, windowAt } from "./window.ts";

const at = (text: string) => Date.parse(text);
const span = (window: Parameters<typeof windowAt>[0], zone: string, text: string) => {
  const { startMs, endMs } = windowAt(window, zone, at(text));
  return [new Date(startMs).toISOString(), new Date(endMs).toISOString()];
};
const hours = (window: Parameters<typeof windowAt>[0], zone: string, text: string) => {
  const { startMs, endMs } = windowAt(window, zone, at(text));
  return (endMs - startMs) / 3_600_000;
};

describe("windows follow the calendar of their zone", () => {
  test("a day begins at the zone's midnight", () => {
    expect(span("day", "Europe/Berlin", "2026-11-23T23:30:00Z")).toEqual([
      "2026-11-23T23:00:00.000Z",
      "2026-11-24T23:00:00.000Z",
    ]);
  });

  test("the day when clocks go forward has 23 hours, when they go back 25", () => {
    expect(hours("day", "Europe/Berlin", "2026-03-29T12:00:00Z")).toBe(23);
    expect(hours("day", "Europe/Berlin", "2026-10-25T12:00:00Z")).toBe(25);
  });

  test("a day whose midnight does not exist begins at one", () => {
    expect(span("day", "America/Santiago", "2026-09-06T12:00:00Z")[0]).toBe(
      "2026-09-06T04:00:00.000Z",
    );
    expect(hours("day", "America/Santiago", "2026-09-06T12:00:00Z")).toBe(23);
  });

  test("the hour that comes twice is two windows", () => {
    const first = span("hour", "Europe/Berlin", "2026-10-25T00:30:00Z");
    const second = span("hour", "Europe/Berlin", "2026-10-25T01:30:00Z");
    expect(first).toEqual(["2026-10-25T00:00:00.000Z", "2026-10-25T01:00:00.000Z"]);
    expect(second).toEqual(["2026-10-25T01:00:00.000Z", "2026-10-25T02:00:00.000Z"]);
    expect(span("minute", "Europe/Berlin", "2026-10-25T01:30:59.999Z")).toEqual([
      "2026-10-25T01:30:00.000Z",
      "2026-10-25T01:31:00.000Z",
    ]);
  });

  test("an hour of a zone with half an hour begins at the zone's", () => {
    expect(span("hour", "Asia/Kolkata", "2026-11-23T10:10:00Z")[0]).toBe(
      "2026-11-23T09:30:00.000Z",
    );
  });

  test("a week begins on Monday and has an hour less when clocks go forward in it", () => {
    expect(span("week", "Europe/Berlin", "2026-03-29T21:59:59Z")[0]).toBe(
      "2026-03-22T23:00:00.000Z",
    );
    expect(hours("week", "Europe/Berlin", "2026-03-29T12:00:00Z")).toBe(7 * 24 - 1);
  });

  test("a month is the calendar's, leap years included", () => {
    expect(span("month", "UTC", "2028-02-29T23:59:59Z")).toEqual([
      "2028-02-01T00:00:00.000Z",
      "2028-03-01T00:00:00.000Z",
    ]);
    expect(span("month", "America/New_York", "2026-03-31T12:00:00Z")).toEqual([
      "2026-03-01T05:00:00.000Z",
      "2026-04-01T04:00:00.000Z",
    ]);
  });
});

test("every moment lies in its window, and windows meet without gap or overlap", () => {
  const zones = ["Europe/Berlin", "America/Santiago", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"];
  for (const zone of zones) {
    for (const window of ["minute", "hour", "day", "week", "month"] as const) {
      for (let day = 0; day < 366; day += 7) {
        const now = at("2026-01-01T00:17:42.123Z") + day * 86_400_000 + day * 3_613_000;
        const { startMs, endMs } = windowAt(window, zone, now);
        expect(startMs <= now && now < endMs).toBe(true);
        expect(windowAt(window, zone, endMs).startMs).toBe(endMs);
        expect(windowAt(window, zone, startMs - 1).endMs).toBe(startMs);
      }
    }
  }
});

test("a remembered window ends with its last millisecond, and follows a clock set back", () => {
  const window = new CurrentWindow("minute", "UTC");
  const start = at("2026-11-23T10:00:00Z");
  expect(window.at(start + 59_999).startMs).toBe(start);
  expect(window.at(start + 60_000).startMs).toBe(start + 60_000);
  expect(window.at(start).startMs).toBe(start);
});

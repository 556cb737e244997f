import { expect, test } from "vitest";
import { isOfWholeHours } from "./whole-hours.ts";

test.each([
  ["UTC", "2026-11-01", "2026-11-23", true],
  ["Europe/Berlin", "2026-03-01", "2026-11-23", true],
  ["Asia/Kolkata", "2026-11-23", "2026-11-23", false],
  ["Asia/Kathmandu", "2026-11-01", "2026-11-23", false],
  // Half an hour of summer time: eleven hours ahead then, ten and a half otherwise.
  ["Australia/Lord_Howe", "2026-11-01", "2026-11-23", true],
  ["Australia/Lord_Howe", "2026-06-01", "2026-06-03", false],
  ["Australia/Lord_Howe", "2026-01-01", "2026-12-20", false],
])("days of %s from %s to %s begin at whole hours: %s", (timeZone, from, to, expected) => {
  expect(isOfWholeHours({ timeZone, from, to })).toBe(expected);
});

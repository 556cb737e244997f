import {
  addDays,
  type CalendarDay,
  countDays,
  formatDays,
  isCalendarDay,
  startOfMonth,
} from "./calendar-day.ts";

export const rangePresets = [
  { id: "today", label: "Today" },
  { id: "7d", label: "7 days" },
  { id: "30d", label: "30 days" },
  { id: "mtd", label: "This month" },
  { id: "last-month", label: "Last month" },
] as const;
export type RangePreset = (typeof rangePresets)[number]["id"];

/** Inclusive on both ends. */
export interface DayRange {
  readonly from: CalendarDay;
  readonly to: CalendarDay;
}

export const defaultPreset: RangePreset = "7d";
export const maxRangeDays = 366;

export const isRangePreset = (value: unknown): value is RangePreset =>
  rangePresets.some((preset) => preset.id === value);

/** The days that a preset means when today is `today`. */
export function presetRange(preset: RangePreset, today: CalendarDay): DayRange {
  switch (preset) {
    case "today":
      return { from: today, to: today };
    case "7d":
      return { from: addDays(today, -6), to: today };
    case "30d":
      return { from: addDays(today, -29), to: today };
    case "mtd":
      return { from: startOfMonth(today), to: today };
    case "last-month":
      break;
  }
  const to = addDays(startOfMonth(today), -1);
  return { from: startOfMonth(to), to };
}

/** What is wrong with a custom range, in words for its form; null when it may be used. */
export function rangeProblem(from: unknown, to: unknown): string | null {
  if (!isCalendarDay(from)) return "Enter a first day.";
  if (!isCalendarDay(to)) return "Enter a last day.";
  if (from > to) return "The first day must not be after the last.";
  if (countDays(from, to) > maxRangeDays) return `At most ${maxRangeDays} days fit in one range.`;
  return null;
}

/** The range moved by its own length, `direction` −1 into the past, 1 towards today. */
export function shiftRange(range: DayRange, direction: -1 | 1): DayRange {
  const days = countDays(range.from, range.to) * direction;
  return { from: addDays(range.from, days), to: addDays(range.to, days) };
}

/** `Last 7 days` or, for fixed days, `1–22 Nov 2026`. */
export const formatRange = (range: DayRange): string => formatDays(range.from, range.to);

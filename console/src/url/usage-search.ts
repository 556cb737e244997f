import type { CalendarDay } from "./calendar-day.ts";
import {
  type DayRange,
  defaultPreset,
  isRangePreset,
  presetRange,
  type RangePreset,
  rangeProblem,
} from "./range.ts";
import { isTimeZone } from "./time-zone.ts";

/** What the address of `/usage` can say. What it leaves out has a default; what is wrong is dropped. */
export interface UsageSearch {
  readonly range?: RangePreset | "custom";
  readonly from?: CalendarDay;
  readonly to?: CalendarDay;
  readonly tz?: string;
}

/** Reads untrusted search parameters. */
export function parseUsageSearch(raw: Record<string, unknown>): UsageSearch {
  const zone = isTimeZone(raw["tz"]) ? { tz: raw["tz"] } : {};
  const { range, from, to } = raw;
  if (range === "custom" && rangeProblem(from, to) === null) {
    return { range, from: String(from), to: String(to), ...zone };
  }
  return isRangePreset(range) ? { range, ...zone } : zone;
}

/** The preset that is on, or `custom`. */
export const chosenPreset = (search: UsageSearch): RangePreset | "custom" =>
  search.range ?? defaultPreset;

/** The days that the address asks for. */
export function resolveUsageRange(search: UsageSearch, today: CalendarDay): DayRange {
  const { range = defaultPreset, from, to } = search;
  if (range !== "custom") return presetRange(range, today);
  if (from === undefined || to === undefined) return presetRange(defaultPreset, today);
  return { from, to };
}

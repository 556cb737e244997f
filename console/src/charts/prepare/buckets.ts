import type { OwnUsage, UsageSlice } from "@weir/gateway/contracts";
import {
  addDays,
  type CalendarDay,
  formatDays,
  formatLongDay,
  formatShortDay,
  startOfWeek,
} from "../../url/calendar-day.ts";
import { addSlices } from "./slices.ts";

/** Beyond this many days a bar is a week. */
const maxDailyBars = 62;

export interface Bucket {
  readonly key: CalendarDay;
  /** For the axis. */
  readonly label: string;
  /** For tooltip and table. */
  readonly longLabel: string;
  /** The day or week is not over yet. */
  readonly incomplete: boolean;
  /** Null for days that are still to come: unknown, not zero. */
  readonly slice: UsageSlice | null;
}

export interface Buckets {
  readonly unit: "day" | "week";
  readonly buckets: readonly Bucket[];
}

type Day = OwnUsage["byDay"][number];

function dayBucket(day: Day, today: CalendarDay): Bucket {
  return {
    key: day.date,
    label: formatShortDay(day.date),
    longLabel: formatLongDay(day.date),
    incomplete: day.date === today,
    slice: day.date > today ? null : day,
  };
}

function weekBucket(days: readonly Day[], today: CalendarDay): Bucket {
  const first = days[0]?.date ?? today;
  const last = days.at(-1)?.date ?? today;
  const past = days.filter((day) => day.date <= today);
  const lastOfWeek = addDays(startOfWeek(first), 6);
  return {
    key: first,
    label: formatShortDay(first),
    longLabel: formatDays(first, last),
    incomplete: today >= first && today <= lastOfWeek,
    slice: past.length === 0 ? null : addSlices(past),
  };
}

/** Bars for a range: days, or ISO weeks when there are many; `today` in the range's own zone. */
export function bucketDays(byDay: OwnUsage["byDay"], today: CalendarDay): Buckets {
  if (byDay.length <= maxDailyBars) {
    return { unit: "day", buckets: byDay.map((day) => dayBucket(day, today)) };
  }
  const weeks = Map.groupBy(byDay, (day) => startOfWeek(day.date));
  return { unit: "week", buckets: [...weeks.values()].map((days) => weekBucket(days, today)) };
}

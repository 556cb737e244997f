import { Temporal } from "temporal-polyfill";
import type { BudgetWindow } from "../contracts/budget.ts";

/** Unix milliseconds; the end is not part of it. */
export interface TimeWindow {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * The calendar window of a time zone in which a moment lies: a day has 23 or 25 hours where clocks
 * change, and may begin at one; a week begins on Monday (ISO 8601). An hour that comes twice is two.
 *
 * @throws RangeError for a zone that is not known.
 */
export function windowAt(window: BudgetWindow, timeZone: string, nowMs: number): TimeWindow {
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone);
  const start = startOf(window, now);
  const end = endOf(window, start);
  return { startMs: start.epochMilliseconds, endMs: end.epochMilliseconds };
}

function startOf(window: BudgetWindow, now: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  switch (window) {
    case "minute":
    case "hour":
      return startOfClock(window, now);
    case "day":
      return now.startOfDay();
    case "week":
      return now.subtract({ days: now.dayOfWeek - 1 }).startOfDay();
    default:
      return now.with({ day: 1 }).startOfDay();
  }
}

/** Subtracted and not set: set back, the second 02:30 of a night would be the first. */
function startOfClock(
  window: "minute" | "hour",
  now: Temporal.ZonedDateTime,
): Temporal.ZonedDateTime {
  const { minute, second, millisecond } = now;
  const minutes = window === "hour" ? minute : 0;
  return now.subtract({ minutes, seconds: second, milliseconds: millisecond });
}

function endOf(window: BudgetWindow, start: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  switch (window) {
    case "minute":
      return start.add({ minutes: 1 });
    case "hour":
      return start.add({ hours: 1 });
    case "day":
      return start.add({ days: 1 }).startOfDay();
    case "week":
      return start.add({ days: 7 }).startOfDay();
    default:
      return start.add({ months: 1 }).startOfDay();
  }
}

/** Remembers a window until it is over: the calendar is asked once a window and not once a call. */
export class CurrentWindow {
  readonly #window: BudgetWindow;
  readonly #timeZone: string;
  #current: TimeWindow = { startMs: 0, endMs: 0 };

  constructor(window: BudgetWindow, timeZone: string) {
    this.#window = window;
    this.#timeZone = timeZone;
  }

  at(nowMs: number): TimeWindow {
    const { startMs, endMs } = this.#current;
    if (nowMs < startMs || nowMs >= endMs) {
      this.#current = windowAt(this.#window, this.#timeZone, nowMs);
    }
    return this.#current;
  }
}

/** A calendar day, `YYYY-MM-DD`, with no time and no zone. Such strings sort by date. */
export type CalendarDay = string;

const pattern = /^\d{4}-\d{2}-\d{2}$/;
const dayMs = 86_400_000;

const toUtcMs = (day: CalendarDay): number => Date.parse(`${day}T00:00:00Z`);
const fromUtcMs = (ms: number): CalendarDay => new Date(ms).toISOString().slice(0, 10);

/** True for a day that exists: `2026-02-30` does not. */
export function isCalendarDay(value: unknown): value is CalendarDay {
  if (typeof value !== "string" || !pattern.test(value)) return false;
  const ms = toUtcMs(value);
  return Number.isFinite(ms) && fromUtcMs(ms) === value;
}

export const addDays = (day: CalendarDay, count: number): CalendarDay =>
  fromUtcMs(toUtcMs(day) + count * dayMs);

/** Days from `from` to `to`, both counted: 1 for the same day. */
export const countDays = (from: CalendarDay, to: CalendarDay): number =>
  Math.round((toUtcMs(to) - toUtcMs(from)) / dayMs) + 1;

export const startOfMonth = (day: CalendarDay): CalendarDay => `${day.slice(0, 8)}01`;

/** The Monday on or before `day` (ISO 8601 weeks). */
export function startOfWeek(day: CalendarDay): CalendarDay {
  const sinceMonday = (new Date(toUtcMs(day)).getUTCDay() + 6) % 7;
  return addDays(day, -sinceMonday);
}

/** The calendar day that it is at `nowMs` in `timeZone`, whatever the machine's own zone. */
export function dayIn(timeZone: string, nowMs: number): CalendarDay {
  const parts = new Intl.DateTimeFormat("en", {
    timeZone,
    calendar: "gregory",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(nowMs);
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}`;
}

const format = (options: Intl.DateTimeFormatOptions) => (day: CalendarDay) =>
  new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options }).format(toUtcMs(day));

/** `22 Nov` */
export const formatShortDay = format({ day: "numeric", month: "short" });
/** `22 Nov 2026` */
export const formatDay = format({ day: "numeric", month: "short", year: "numeric" });
/** `Sun 22 Nov 2026` */
const weekday = format({ weekday: "short" });
export const formatLongDay = (day: CalendarDay): string => `${weekday(day)} ${formatDay(day)}`;

/** `1–22 Nov 2026`, `28 Oct – 3 Nov 2026`, `30 Dec 2025 – 2 Jan 2026`. */
export function formatDays(from: CalendarDay, to: CalendarDay): string {
  if (from === to) return formatDay(from);
  if (from.slice(0, 7) === to.slice(0, 7)) return `${Number(from.slice(8))}–${formatDay(to)}`;
  const start = from.slice(0, 4) === to.slice(0, 4) ? formatShortDay(from) : formatDay(from);
  return `${start} – ${formatDay(to)}`;
}

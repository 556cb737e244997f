import { dayIn } from "../url/calendar-day.ts";

const format = (ms: number, timeZone: string, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat("en-GB", { timeZone, hourCycle: "h23", ...options }).format(ms);

/** `12:03` */
export const formatClock = (ms: number, timeZone: string): string =>
  format(ms, timeZone, { hour: "2-digit", minute: "2-digit" });

/** `12:03:44` */
export const formatSeconds = (ms: number, timeZone: string): string =>
  format(ms, timeZone, { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** `Sun 22 Nov 2026, 12:03:44 (Europe/Berlin)` */
export function formatInstant(ms: number, timeZone: string): string {
  const day = format(ms, timeZone, {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
  }).replace(",", "");
  return `${day}, ${formatSeconds(ms, timeZone)} (${timeZone})`;
}

/** The day of an instant as a reader says it: `Today`, `Yesterday`, `22 Nov`. */
export function formatRelativeDay(ms: number, nowMs: number, timeZone: string): string {
  const day = dayIn(timeZone, ms);
  if (day === dayIn(timeZone, nowMs)) return "Today";
  if (day === dayIn(timeZone, nowMs - 86_400_000)) return "Yesterday";
  const sameYear = day.slice(0, 4) === dayIn(timeZone, nowMs).slice(0, 4);
  return format(ms, timeZone, {
    day: "numeric",
    month: "short",
    ...(sameYear ? {} : { year: "numeric" }),
  });
}

import type { UsageQuery } from "../contracts/api/usage.ts";
import { ControlError } from "../control/errors.ts";

const dayMs = 86_400_000;
const maxDays = 400;

function dayNumber(isoDate: string): number {
  const timeMs = Date.parse(`${isoDate}T00:00:00Z`);
  const isReal = !Number.isNaN(timeMs) && new Date(timeMs).toISOString().startsWith(isoDate);
  if (isReal) return timeMs / dayMs;
  throw new ControlError("WEIR_INVALID_RANGE", `${isoDate} is no day of the calendar.`);
}

/**
 * Every calendar day of the range, in order, as `YYYY-MM-DD`. Calendar days need no time zone:
 * one of 23 or 25 hours is one day like any other.
 *
 * @throws {ControlError} WEIR_INVALID_RANGE.
 */
export function daysOf({ from, to }: Pick<UsageQuery, "from" | "to">): string[] {
  const first = dayNumber(from);
  const count = dayNumber(to) - first + 1;
  if (count < 1 || count > maxDays) {
    throw new ControlError(
      "WEIR_INVALID_RANGE",
      `The range runs from \`from\` to \`to\`, both included, over at most ${maxDays} days.`,
    );
  }
  return Array.from({ length: count }, (_, index) =>
    new Date((first + index) * dayMs).toISOString().slice(0, 10),
  );
}

/**
 * The time zone's name in its official spelling.
 *
 * @throws {ControlError} WEIR_INVALID_TIME_ZONE.
 */
export function checkedTimeZone(timeZone: string): string {
  try {
    const name = new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone;
    if (!/^[+-]/.test(name)) return name;
  } catch {
    // Said below, as for an offset, which has no rules for summer time.
  }
  throw new ControlError("WEIR_INVALID_TIME_ZONE", "Use an IANA name such as Europe/Berlin.");
}

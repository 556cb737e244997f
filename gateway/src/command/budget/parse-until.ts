import { Temporal } from "temporal-polyfill";
import { exitCodes, StartFault } from "../../supervisor/fault.ts";

const HOURS = { h: 1, d: 24, w: 168 } as const;
const HOUR_MS = 3_600_000;

/**
 * When a raise ends, Unix milliseconds: so long from now (`12h`, `3d`, `2w`), the beginning of a
 * day in the budget's zone, or a moment with its offset.
 *
 * @throws StartFault
 */
export function parseUntil(text: string, timeZone: string, nowMs: number): number {
  const [, count, unit] = /^(\d{1,4})([hdw])$/.exec(text) ?? [];
  if (unit === "h" || unit === "d" || unit === "w")
    return nowMs + Number(count) * HOURS[unit] * HOUR_MS;
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
      return Temporal.PlainDate.from(text).toZonedDateTime(timeZone).epochMilliseconds;
    }
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch (error) {
    throw new StartFault(
      {
        code: "WEIR_INVALID_REQUEST",
        cause: `'${text}' is no moment`,
        remedy: "Write it as 12h, 3d, 2w, 2026-12-01 or 2026-12-01T18:00:00Z.",
        exitCode: exitCodes.usage,
      },
      { cause: error },
    );
  }
}

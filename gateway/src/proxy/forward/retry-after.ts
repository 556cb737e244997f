import type { IncomingHttpHeaders } from "node:http";

/** RFC 9110 §10.2.3, seconds or a date; `retry-after-ms` as some providers send it goes first. */
export function retryAfterMs(headers: IncomingHttpHeaders, nowMs: number): number | null {
  const precise = Number(headers["retry-after-ms"] ?? Number.NaN);
  if (Number.isFinite(precise) && precise >= 0) return precise;
  const value = headers["retry-after"];
  if (typeof value !== "string") return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

/** True for a time zone that this browser knows by its IANA name. */
export function isTimeZone(value: unknown): value is string {
  if (typeof value !== "string" || value === "" || value.length > 64) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

/** Every zone the browser knows, `UTC` and the reader's own first. */
export function timeZoneChoices(own: string): string[] {
  const rest = Intl.supportedValuesOf("timeZone").filter((zone) => zone !== own && zone !== "UTC");
  return own === "UTC" ? ["UTC", ...rest] : [own, "UTC", ...rest];
}

/** `?a=b` to plain strings: an id that looks like a number stays a string. */
export const parseSearch = (text: string): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(text));

/** Strings to `?a=b`, or nothing when there is nothing to say. Slashes stay readable. */
export function stringifySearch(search: Record<string, unknown>): string {
  const pairs = Object.entries(search).filter(([, value]) => typeof value === "string");
  const text = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]))
    .toString()
    .replaceAll("%2F", "/");
  return text === "" ? "" : `?${text}`;
}

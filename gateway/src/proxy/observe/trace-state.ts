/** `tracestate` of W3C Trace Context §3.3: a list of vendors' entries, `key=value`. */

const MAX_ENTRIES = 32;
// §3.3.1.5 asks for at least 512 characters; more than that is no use to a provider.
const MAX_LENGTH = 512;
// §3.3.1.3.1: simple keys, or `tenant@system`.
const KEY = /^(?:[a-z][a-z0-9_\-*/]{0,255}|[a-z0-9][a-z0-9_\-*/]{0,240}@[a-z][a-z0-9_\-*/]{0,13})$/;
// §3.3.1.3.2: printable ASCII without comma and equals sign, not ending in a space.
const VALUE = /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/** The entries in their order, empty ones left out; empty if any is not valid, or they are too many. */
export function parseTraceState(header: string | string[] | undefined): string {
  const text = Array.isArray(header) ? header.join(",") : (header ?? "");
  // Beyond the bound the specification would let us cut; all or nothing cannot mislead.
  if (text === "" || text.length > MAX_LENGTH) return "";
  const entries = text
    .split(",")
    .map((entry) => entry.replaceAll(/^[ \t]+|[ \t]+$/g, ""))
    .filter((entry) => entry !== "");
  const keys = new Set<string>();
  for (const entry of entries) {
    const equals = entry.indexOf("=");
    const key = entry.slice(0, equals);
    if (equals === -1 || !KEY.test(key) || !VALUE.test(entry.slice(equals + 1))) return "";
    keys.add(key);
  }
  const isValid = entries.length <= MAX_ENTRIES && keys.size === entries.length;
  return isValid ? entries.join(",") : "";
}

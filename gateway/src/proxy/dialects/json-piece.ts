/**
 * Takes one string out of JSON text without parsing the whole: a stream's text deltas come by the
 * thousand, and a full parse of each costs several times as much.
 */
const BACKSLASH = 0x5c;

export interface JsonPiece {
  readonly value: string;
  /** Offset just behind the closing quote. */
  readonly end: number;
}

/**
 * The JSON string whose content begins at `start`, or null where it does not end.
 * @param latin1 - `frame` as Latin-1, so that offsets in both are the same.
 */
export function jsonPieceAt(frame: Buffer, latin1: string, start: number): JsonPiece | null {
  let close = latin1.indexOf('"', start);
  while (close !== -1 && isEscaped(latin1, start, close)) close = latin1.indexOf('"', close + 1);
  if (close === -1) return null;
  // A copy: a slice of `latin1` would keep the whole frame in memory.
  const content = frame.toString("utf8", start, close);
  return { value: content.includes("\\") ? unescaped(content) : content, end: close + 1 };
}

function isEscaped(latin1: string, start: number, quote: number): boolean {
  let backslashes = 0;
  for (let at = quote - 1; at >= start && latin1.charCodeAt(at) === BACKSLASH; at -= 1) {
    backslashes += 1;
  }
  return backslashes % 2 === 1;
}

function unescaped(content: string): string {
  try {
    const value: unknown = JSON.parse(`"${content}"`);
    return typeof value === "string" ? value : "";
  } catch {
    return "";
  }
}

/**
 * True where the member stands nowhere, or only as a plain `null`. `key` ends with its quote and
 * colon: within a JSON string a quote is escaped, so a text that speaks of the member never matches.
 */
export function isAbsentOrNull(latin1: string, key: string): boolean {
  let at = latin1.indexOf(key);
  while (at !== -1 && latin1.startsWith("null", at + key.length)) at = latin1.indexOf(key, at + 1);
  return at === -1;
}

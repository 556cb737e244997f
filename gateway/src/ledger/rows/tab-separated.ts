/**
 * Values as ClickHouse's `TabSeparated` format prints them, byte for byte: a row that is read back
 * gives the same line, and so the same audit leaf.
 * Source: ClickHouse documentation, Formats, TabSeparated.
 */

const SPECIAL = /[\b\f\n\r\t\0\\']/;
const EVERY_SPECIAL = /[\b\f\n\r\t\0\\']/g;
const ESCAPES: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\0": "\\0",
  "\\": "\\\\",
  "'": "\\'",
};

/** A String. Half of a surrogate pair becomes U+FFFD when the line is written as UTF-8. */
export function text(value: string): string {
  return SPECIAL.test(value)
    ? value.replace(EVERY_SPECIAL, (character) => ESCAPES[character] ?? character)
    : value;
}

/** An integer column. @throws RangeError for what no such column holds. */
export function integer(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no integer`);
  return String(value);
}

export function nullableInteger(value: number | null): string {
  return value === null ? "\\N" : integer(value);
}

/** A Decimal(18, 3), for milliseconds to the microsecond. @throws RangeError when not finite. */
export function decimal3(value: number): string {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e15)
    throw new RangeError(`${value} is no number of milliseconds`);
  return String(Math.round(value * 1000) / 1000);
}

export function nullableDecimal3(value: number | null): string {
  return value === null ? "\\N" : decimal3(value);
}

export function bool(value: boolean): string {
  return value ? "true" : "false";
}

/**
 * A DateTime64(3, 'UTC') from Unix milliseconds.
 * @throws RangeError: what is no time would otherwise become 1970, and the row expire at once.
 */
export function dateTime(timeMs: number): string {
  if (!Number.isSafeInteger(timeMs)) throw new RangeError("The time of the event is no integer");
  const iso = new Date(timeMs).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)}`;
}

/** An Array(String). */
export function textArray(values: readonly string[]): string {
  if (values.length === 0) return "[]";
  return `[${values.map((value) => `'${text(value)}'`).join(",")}]`;
}

/** An array of what `encode` makes of each value. */
export function arrayOf<T>(values: readonly T[], encode: (value: T) => string): string {
  return values.length === 0 ? "[]" : `[${values.map(encode).join(",")}]`;
}

/** A null inside an array is spelt out, unlike one that is the whole field. */
export function nullableIntegerInArray(value: number | null): string {
  return value === null ? "NULL" : integer(value);
}

/** A Map(String, UInt64), in the order of the keys. */
export function countMap(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts);
  if (entries.length === 0) return "{}";
  return `{${entries.map(([key, count]) => `'${text(key)}':${integer(count)}`).join(",")}}`;
}

/** The fields of a line as they are written in it. */
export function splitLine(line: string): string[] {
  return line.split("\t");
}

/** What a String field says; of other types' fields their text. */
export function unescape(field: string): string {
  if (!field.includes("\\")) return field;
  return field.replace(/\\(.)/gs, (_whole, character: string) => UNESCAPES[character] ?? character);
}

const UNESCAPES: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  "0": "\0",
};

import { columnsOf, type Layout } from "./layout.ts";
import { splitLine, unescape } from "./tab-separated.ts";

/**
 * The fields of a line by column: of String columns the text, of others as ClickHouse writes them.
 * @throws RangeError when it has not the fields of its version.
 */
export function readLine(
  layout: Layout<never>,
  version: number,
  line: string,
): Readonly<Record<string, string>> {
  const names = columnsOf(layout, version);
  const fields = splitLine(line);
  if (fields.length !== names.length)
    throw new RangeError(
      `A row of ${layout.table} has ${names.length} fields, not ${fields.length}`,
    );
  return Object.fromEntries(names.map((name, index) => [name, unescape(fields[index] ?? "")]));
}

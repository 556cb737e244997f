/** A string literal of ClickHouse SQL. */
export function sqlString(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/** Whether the statement is an INSERT that expects data behind it: `INSERT … FORMAT x`, `… VALUES`. */
export function expectsData(sql: string): boolean {
  if (!/^\s*insert\s+into\b/i.test(sql)) return false;
  return /\bformat\s+[A-Za-z0-9]+\s*;?\s*$/i.test(sql) || /\bvalues\s*$/i.test(sql);
}

/** The output format that the statement itself names at its end, else `otherwise`. */
export function outputFormat(sql: string, otherwise: string): string {
  if (/^\s*insert\b/i.test(sql)) return otherwise;
  return /\bformat\s+([A-Za-z0-9]+)\s*;?\s*$/i.exec(sql)?.[1] ?? otherwise;
}

/** Whether a character stands outside quotes, comments and brackets, told one after the other. */
function* topLevel(sql: string): Generator<number> {
  let depth = 0;
  for (let at = 0; at < sql.length; at += 1) {
    const character = sql[at];
    if (character === "'" || character === "`" || character === '"') {
      at = endOfQuoted(sql, at, character);
    } else if (character === "(" || character === "[") depth += 1;
    else if (character === ")" || character === "]") depth -= 1;
    else if (depth === 0) yield at;
  }
}

function endOfQuoted(sql: string, start: number, quote: string): number {
  for (let at = start + 1; at < sql.length; at += 1) {
    if (sql[at] === "\\") at += 1;
    else if (sql[at] === quote) return at;
  }
  return sql.length;
}

/** Splits at the commas that stand outside quotes and brackets. */
export function splitAtCommas(sql: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (const at of topLevel(sql)) {
    if (sql[at] !== ",") continue;
    parts.push(sql.slice(start, at).trim());
    start = at + 1;
  }
  return [...parts, sql.slice(start).trim()];
}

/** Where a keyword first stands outside quotes and brackets, or -1. */
export function indexOfKeyword(sql: string, keyword: string): number {
  const pattern = new RegExp(`^${keyword}\\b`, "i");
  for (const at of topLevel(sql))
    if ((at === 0 || /\s|\)/.test(sql[at - 1] ?? "")) && pattern.test(sql.slice(at, at + 64)))
      return at;
  return -1;
}

import { visibleText } from "../ledger/visible-text.ts";

/**
 * Rows of text in columns; figures, as `right` marks their columns, to the right. Cells may be
 * texts of anybody's: none begins a row of its own, or steers the terminal.
 */
export function tableText(
  given: readonly (readonly string[])[],
  right: readonly boolean[],
): string {
  const rows = given.map((row) => row.map(visibleText));
  const widths = right.map((_, column) =>
    Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) =>
    widths
      .map((width, column) => {
        const text = row[column] ?? "";
        return right[column] === true ? text.padStart(width) : text.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
  return lines.map((line) => `${line}\n`).join("");
}

/** `$1,234.567890`: exact to the micro-USD. */
export function usdText(microUsd: number): string {
  const usd = (microUsd / 1_000_000).toLocaleString("en-US", {
    minimumFractionDigits: 2,
    maximumFractionDigits: 6,
  });
  return `$${usd}`;
}

/** The table of counts by kind, what went wrong, and last of all `N passed, N failed`. */
export function formatSummary(results) {
  const rows = results.map(({ kind, passed, failed, skipped }) =>
    row(kind, passed, failed, skipped),
  );
  const notes = results.flatMap(({ kind, notes: lines }) =>
    lines.map((line) => `${kind}: ${line}`),
  );
  const passed = sum(results, "passed");
  const failed = sum(results, "failed");
  const lines = ["", row("kind", "passed", "failed", "skipped"), ...rows, "", ...notes];
  if (passed + failed === 0) lines.push("no test ran");
  return `${lines.join("\n")}\n${passed} passed, ${failed} failed\n`;
}

/** Whether something ran and nothing failed. */
export function isGood(results) {
  return sum(results, "passed") > 0 && sum(results, "failed") === 0;
}

function row(kind, ...cells) {
  return `${kind.padEnd(17)}${cells.map((cell) => String(cell).padStart(9)).join("")}`;
}

function sum(results, field) {
  return results.reduce((total, result) => total + result[field], 0);
}

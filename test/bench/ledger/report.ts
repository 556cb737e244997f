import type { Environment } from "../environment.ts";
import type { AppendFigures } from "./append.ts";
import type { QuestionFigures } from "./questions.ts";
import type { ShipFigures } from "./ship.ts";

export interface LedgerFigures {
  readonly environment: Environment;
  readonly command: string;
  readonly append: readonly AppendFigures[];
  readonly ship: ShipFigures | null;
  readonly generated: { readonly calls: number; readonly rssMib: number } | null;
  readonly questions: readonly QuestionFigures[];
}

/** The figures as a Markdown page. */
export function ledgerReport(figures: LedgerFigures): string {
  const { processor, cores, memoryGib, system, node } = figures.environment;
  return [
    "# Ledger benchmark",
    "",
    `- Command: \`${figures.command}\``,
    `- Machine: ${processor}, ${cores} cores, ${memoryGib} GiB, ${system}, Node ${node}.`,
    ...appendLines(figures.append),
    ...shipLines(figures.ship),
    ...questionLines(figures),
  ].join("\n");
}

function appendLines(rows: readonly AppendFigures[]): string[] {
  if (rows.length === 0) return [];
  return [
    "",
    "## Appending a call and its decision to the spool",
    "| commit | at once | appends | p50, µs | p99, µs | CPU, µs |",
    "|---|---|---|---|---|---|",
    ...rows.map(
      (row) =>
        `| ${row.mode} | ${row.concurrency} | ${row.appends} | ${row.p50Micros.toFixed(0)} | ${row.p99Micros.toFixed(0)} | ${row.cpuMicros.toFixed(1)} |`,
    ),
  ];
}

function shipLines(ship: ShipFigures | null): string[] {
  if (ship === null) return [];
  const rows: [string, string][] = [
    ["rows (half calls, half decisions)", String(ship.rows)],
    ["rows a second, whole path into embedded ClickHouse", ship.rowsPerSecond.toFixed(0)],
    ["… first tenth, last tenth", `${ship.firstTenth.toFixed(0)}, ${ship.lastTenth.toFixed(0)}`],
    ["CPU, µs a row", ship.cpuMicrosPerRow.toFixed(1)],
    ["bytes on disk: a call", ship.bytesPerCall.toFixed(1)],
    ["… a decision", ship.bytesPerDecision.toFixed(1)],
    ["… a call in the three roll-ups", ship.bytesPerRollUpCall.toFixed(1)],
    ["… a decision in the audit log", ship.auditBytesPerDecision.toFixed(1)],
    ["greatest memory of the process, MiB", ship.maxRssMib.toFixed(0)],
  ];
  return [
    "",
    "## Shipping",
    "| figure | |",
    "|---|---|",
    ...rows.map((row) => `| ${row.join(" | ")} |`),
  ];
}

function questionLines({ generated, questions }: LedgerFigures): string[] {
  if (generated === null) return [];
  return [
    "",
    `## Questions over ${generated.calls} calls and as many decisions`,
    `Memory of the process after them: ${generated.rssMib.toFixed(0)} MiB.`,
    "",
    "| question | p50, ms | p95, ms |",
    "|---|---|---|",
    ...questions.map(
      ({ question, p50Ms, p95Ms }) => `| ${question} | ${p50Ms.toFixed(1)} | ${p95Ms.toFixed(1)} |`,
    ),
  ];
}

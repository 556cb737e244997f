import { byRound, type Spread, spreadOf } from "../support/statistics.ts";
import type { Environment } from "./environment.ts";
import { chatModel, concurrency, type Latency, streamModel, streamsPerSecond } from "./measure.ts";
import { type BenchOptions, type TargetName, targetNames } from "./options.ts";
import { payloadBytes } from "../support/load/chat-payload.ts";
import type { Measurements, Series } from "./rounds.ts";

export interface Report {
  readonly environment: Environment;
  readonly options: BenchOptions;
  readonly command: string;
  readonly measurements: Measurements;
}

const labels: Readonly<Record<TargetName, string>> = {
  direct: "no proxy",
  bare: "bare undici proxy",
  weir: "Weir",
};

/** The figures as a Markdown page, with what is needed to take them again. */
export function markdownReport(report: Report): string {
  const names = targetNames.filter((name) => report.measurements.throughput[name] !== undefined);
  const absolute = table(
    ["figure", ...names.map((name) => labels[name])],
    absoluteRows(report.measurements, names),
  );
  const compared = table(
    ["Weir compared", "median", "least", "greatest"],
    comparedRows(report.measurements).map(({ label, spread, digits }) => {
      const { median, min, max } = spread;
      return [label, median.toFixed(digits), min.toFixed(digits), max.toFixed(digits)];
    }),
  );
  return ["# Benchmark", "", ...conditions(report), "", absolute, "", compared, "", notes].join(
    "\n",
  );
}

function conditions({ environment, options, command, measurements }: Report): readonly string[] {
  const { processor, cores, memoryGib, system, node, undici, weir, wrk } = environment;
  const client = wrk === null ? "test/support/load (wrk is not installed)" : `wrk ${wrk}`;
  const half = labels[measurements.rateIsHalfOf];
  return [
    `- Command: \`${command}\`: ${options.rounds} rounds of ${options.seconds} s a figure, targets in turn; medians of the rounds (least–greatest).`,
    `- Machine: ${processor}, ${cores} cores, ${memoryGib} GiB, ${system}. Client, proxy and upstream share it over loopback.`,
    `- Versions: Weir ${weir}, Node ${node}, undici ${undici}, client for throughput ${client}.`,
    `- Upstream: Weir's simulator, a process of its own. Request: chat completion of ${payloadBytes} bytes, model \`${chatModel}\`.`,
    `- Weir: one worker; virtual key checked, policy evaluated, usage metered, every call priced and written to the spool before it ends, with fdatasync every 50 ms (the defaults); control ships it to the embedded ClickHouse meanwhile, on the same cores.`,
    `- Throughput: closed loop, ${concurrency} connections. Latency: ${measurements.ratePerSecond} requests/s on a fixed schedule, half of what ${half} can do, counted from when a request was due.`,
    `- Streams: ${streamsPerSecond} new ones a second, model \`${streamModel}\`: 10 ms before the first byte and between chunks.`,
  ];
}

const notes =
  "Differences and ratios are taken within each round, so that what disturbed a round disturbs both sides; the table gives their median.";

function absoluteRows(
  { throughput, latency, firstToken, workerRssBytes, totalRssBytes }: Measurements,
  names: readonly TargetName[],
): readonly (readonly string[])[] {
  const row = <T>(label: string, series: Series<T>, digits: number, read: (value: T) => number) =>
    [label].concat(
      names.map((name) => spreadCell(spreadOf((series[name] ?? []).map(read)), digits)),
    );
  const memoryRow = (label: string, memory: Measurements["workerRssBytes"]) =>
    [label].concat(names.map((name) => ((memory[name] ?? Number.NaN) / 2 ** 20).toFixed(0)));
  return [
    row("requests/s", throughput, 0, (value) => value.requestsPerSecond),
    row("worker's processor time, µs/request", throughput, 0, (value) => value.cpuMicrosPerRequest),
    row("all its processes' time, µs/request", throughput, 0, (v) => v.totalCpuMicrosPerRequest),
    row("latency p50, ms", latency, 3, (value) => value.p50Ms),
    row("latency p99, ms", latency, 3, (value) => value.p99Ms),
    row("first token p50, ms", firstToken, 3, (value) => value.p50Ms),
    row("first token p99, ms", firstToken, 3, (value) => value.p99Ms),
    memoryRow("memory of the worker, MiB", workerRssBytes),
    memoryRow("memory of all its processes, MiB", totalRssBytes),
  ];
}

export interface Comparison {
  readonly label: string;
  readonly spread: Spread;
  readonly digits: number;
}

/** Weir against the bare proxy and against no proxy; empty where it was not measured. */
export function comparedRows(measurements: Measurements): readonly Comparison[] {
  const { throughput, latency, firstToken } = measurements;
  const rows: Comparison[] = [];
  const compare = <T>(
    series: Series<T>,
    base: TargetName,
    read: (value: T) => number,
    combine: (weir: number, other: number) => number,
    label: string,
    digits: number,
  ): void => {
    if (series.weir === undefined || series[base] === undefined) return;
    const values = byRound(series.weir.map(read), series[base].map(read), combine);
    rows.push({ label, spread: spreadOf(values), digits });
  };
  const ratio = (weir: number, other: number): number => weir / other;
  const added = (weir: number, other: number): number => weir - other;
  const p50 = ({ p50Ms }: Latency): number => p50Ms;
  const p99 = ({ p99Ms }: Latency): number => p99Ms;
  compare(throughput, "bare", (v) => v.requestsPerSecond, ratio, "throughput ÷ bare proxy", 2);
  for (const base of ["bare", "direct"] as const) {
    const over = `over ${labels[base]}, ms`;
    compare(latency, base, p50, added, `added p50 ${over}`, 3);
    compare(latency, base, p99, added, `added p99 ${over}`, 3);
    compare(firstToken, base, p50, added, `added first token p50 ${over}`, 3);
    compare(firstToken, base, p99, added, `added first token p99 ${over}`, 3);
  }
  return rows;
}

function spreadCell({ median, min, max }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map((row) => line(row))].join("\n");
}

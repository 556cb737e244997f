/** What Weir costs by wire format and size of the request. */
import { spreadOf, type Spread } from "../support/statistics.ts";
import type { Cleanup } from "./cleanup.ts";
import type { BenchOptions } from "./options.ts";
import type { Target } from "./targets.ts";
import { runWrk } from "./wrk.ts";

export interface FormatRow {
  readonly format: string;
  readonly bytes: number;
  readonly connections: number;
  /** Requests a second through Weir. */
  readonly weirPerSecond: Spread;
  /** Weir's throughput ÷ the bare proxy's, taken within each round. */
  readonly ratio: Spread;
  /** Median reply time with one connection, Weir less the bare proxy, within each round. */
  readonly addedMs: Spread;
}

const sizes = [
  { bytes: 1_024, connections: 32 },
  { bytes: 102_400, connections: 32 },
  { bytes: 1_048_576, connections: 8 },
] as const;

const model = "sim-echo";

/** A body of about `bytes` bytes, as a conversation of many messages would be. */
const formats: Readonly<Record<string, { path: string; body: (bytes: number) => object }>> = {
  chat: {
    path: "/v1/chat/completions",
    body: (bytes) => ({ model, messages: conversation(bytes) }),
  },
  messages: {
    path: "/v1/messages",
    body: (bytes) => ({ model, max_tokens: 256, messages: conversation(bytes) }),
  },
  responses: { path: "/v1/responses", body: (bytes) => ({ model, input: conversation(bytes) }) },
};

function conversation(bytes: number): object[] {
  const text = "How much water runs over the weir? ".repeat(20);
  const count = Math.max(1, Math.floor(bytes / (text.length + 40)));
  const length = Math.min(text.length, bytes - 100);
  return Array.from({ length: count }, (_, index) => ({
    role: index % 2 === 0 ? "user" : "assistant",
    content: text.slice(0, length),
  }));
}

/** Weir against the bare proxy for each format and size, in turn within each round. */
export async function measureFormats(
  targets: readonly Target[],
  { rounds, seconds }: BenchOptions,
  context: { readonly cleanup: Cleanup; readonly log: (line: string) => void },
): Promise<readonly FormatRow[]> {
  const bare = targets.find(({ name }) => name === "bare");
  const weir = targets.find(({ name }) => name === "weir");
  if (bare === undefined || weir === undefined) return [];
  const rows: FormatRow[] = [];
  for (const [format, { path, body }] of Object.entries(formats)) {
    for (const { bytes, connections } of sizes) {
      context.log(`${format}, ${bytes} bytes`);
      const job = { path, body: JSON.stringify(body(bytes)), seconds };
      const series = { weir: [] as number[], ratio: [] as number[], added: [] as number[] };
      for (let round = 0; round < rounds; round += 1) {
        const [bareFull, weirFull] = await inTurn([bare, weir], { ...job, connections }, context);
        const [bareOne, weirOne] = await inTurn([bare, weir], { ...job, connections: 1 }, context);
        series.weir.push(perSecond(weirFull));
        series.ratio.push(perSecond(weirFull) / perSecond(bareFull));
        series.added.push((weirOne?.p50Ms ?? Number.NaN) - (bareOne?.p50Ms ?? Number.NaN));
      }
      rows.push({
        format,
        bytes: Buffer.byteLength(job.body),
        connections,
        weirPerSecond: spreadOf(series.weir),
        ratio: spreadOf(series.ratio),
        addedMs: spreadOf(series.added),
      });
    }
  }
  return rows;
}

type Job = Parameters<typeof runWrk>[1];

async function inTurn(targets: readonly Target[], job: Job, { cleanup }: { cleanup: Cleanup }) {
  const results = [];
  for (const target of targets) results.push(await runWrk(target, job, cleanup));
  return results;
}

function perSecond(result: { completed: number; seconds: number } | undefined): number {
  return result === undefined ? Number.NaN : result.completed / result.seconds;
}

export function formatsReport(rows: readonly FormatRow[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const cell = ({ median, min, max }: Spread, digits: number) =>
    `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
  return [
    "## By format and size",
    "",
    "Throughput in a closed loop; added time with one connection; Weir against the bare proxy.",
    "",
    line([
      "format",
      "request, bytes",
      "connections",
      "Weir, requests/s",
      "÷ bare",
      "added p50, ms",
    ]),
    line(Array.from({ length: 6 }, () => "---")),
    ...rows.map((row) =>
      line([
        row.format,
        String(row.bytes),
        String(row.connections),
        cell(row.weirPerSecond, 0),
        cell(row.ratio, 2),
        cell(row.addedMs, 3),
      ]),
    ),
  ].join("\n");
}

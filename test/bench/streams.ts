/** What a thousand streams at once cost: time added to the first token and to each chunk, memory. */
import { fileURLToPath } from "node:url";
import { chatBody, chatRequest } from "../support/load/chat-payload.ts";
import { percentile } from "../support/statistics.ts";
import type { Cleanup } from "./cleanup.ts";
import { runChild } from "./run-child.ts";
import type { StreamJob, StreamResult } from "./stream-client.ts";
import { startTargets, type Target } from "./targets.ts";
import type { TargetName } from "./options.ts";

const STREAMS = 1_000;
const CHUNKS = 20;
const INTERVAL_MS = 500;

export interface StreamRow {
  readonly name: TargetName;
  readonly firstTokenP50Ms: number;
  readonly firstTokenP99Ms: number;
  readonly chunkP50Ms: number;
  readonly chunkP99Ms: number;
  /** Greatest resident memory while the streams ran, less what there was before, for each stream. */
  readonly bytesPerStream: number;
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export async function measureStreams(
  names: readonly TargetName[],
  context: { readonly cleanup: Cleanup; readonly log: (line: string) => void },
): Promise<readonly StreamRow[]> {
  const upstream = [here("stamping-upstream.ts"), String(CHUNKS), String(INTERVAL_MS)];
  const targets = await startTargets(names, context.cleanup, upstream);
  const rows: StreamRow[] = [];
  for (const target of targets) {
    context.log(`${STREAMS} streams at once: ${target.name}`);
    // A first run opens the connections and warms the code up, so that its memory is not counted.
    await run(target, STREAMS, context.cleanup);
    rows.push(await measure(target, context.cleanup));
  }
  return rows;
}

async function measure(target: Target, cleanup: Cleanup): Promise<StreamRow> {
  const before = target.worker().rssBytes;
  let peak = before;
  const sampler = setInterval(() => {
    peak = Math.max(peak, target.worker().rssBytes);
  }, 100);
  const { chunkMs, firstTokenMs } = await run(target, STREAMS, cleanup);
  clearInterval(sampler);
  return {
    name: target.name,
    firstTokenP50Ms: percentile(firstTokenMs, 0.5),
    firstTokenP99Ms: percentile(firstTokenMs, 0.99),
    chunkP50Ms: percentile(chunkMs, 0.5),
    chunkP99Ms: percentile(chunkMs, 0.99),
    bytesPerStream: (peak - before) / STREAMS,
  };
}

async function run(target: Target, streams: number, cleanup: Cleanup): Promise<StreamResult> {
  const body = chatBody("m", true);
  const job: StreamJob = {
    port: target.port,
    request: chatRequest(target.port, target.key, body),
    streams,
    spreadMs: INTERVAL_MS * 4,
  };
  const output = await runChild(process.execPath, [here("stream-client.ts")], {
    cleanup,
    timeoutMs: CHUNKS * INTERVAL_MS + 60_000,
    input: JSON.stringify(job),
  });
  const result: StreamResult = JSON.parse(output);
  return result;
}

export function streamsReport(rows: readonly StreamRow[]): string {
  const bare = rows.find(({ name }) => name === "bare");
  const weir = rows.find(({ name }) => name === "weir");
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const ms = (value: number) => value.toFixed(3);
  const figures: readonly (readonly [string, (row: StreamRow) => string])[] = [
    ["first token p50, ms", (row) => ms(row.firstTokenP50Ms)],
    ["first token p99, ms", (row) => ms(row.firstTokenP99Ms)],
    ["a chunk's way p50, ms", (row) => ms(row.chunkP50Ms)],
    ["a chunk's way p99, ms", (row) => ms(row.chunkP99Ms)],
    ["memory a stream, KiB", (row) => (row.bytesPerStream / 1024).toFixed(1)],
  ];
  const compared =
    bare === undefined || weir === undefined
      ? []
      : [
          "",
          `Added over the bare proxy: first token p50 ${ms(weir.firstTokenP50Ms - bare.firstTokenP50Ms)} ms, each chunk p50 ${ms(weir.chunkP50Ms - bare.chunkP50Ms)} ms.`,
        ];
  return [
    `## ${STREAMS} streams at once`,
    "",
    `${CHUNKS} chunks each, one every ${INTERVAL_MS} ms; a chunk's way is from the upstream's write to the client's read. One run after one to warm up.`,
    "",
    line(["figure", ...rows.map(({ name }) => name)]),
    line(["---", ...rows.map(() => "---")]),
    ...figures.map(([label, read]) => line([label, ...rows.map(read)])),
    ...compared,
  ].join("\n");
}

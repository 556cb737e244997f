import { fileURLToPath } from "node:url";
import { percentile } from "../support/statistics.ts";
import type { Cleanup } from "./cleanup.ts";
import type { LoadJob, LoadResult } from "../support/load/job.ts";
import { chatBody, chatRequest } from "../support/load/chat-payload.ts";
import { runChild } from "./run-child.ts";
import type { Target } from "./targets.ts";
import { runWrk } from "./wrk.ts";

export const concurrency = 32;
export const streamsPerSecond = 100;
export const chatModel = "gpt-4o-mini";
/** Ten milliseconds before the first byte and between chunks. */
export const streamModel = "sim-slow-10";

export interface Throughput {
  readonly requestsPerSecond: number;
  /** Processor time of the process that the requests went through. */
  readonly cpuMicrosPerRequest: number;
  /** The same of all the target's processes: with Weir also control, ClickHouse and the supervisor. */
  readonly totalCpuMicrosPerRequest: number;
}

export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly samples: number;
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const marginMs = 30_000;

/**
 * Requests a second with `concurrency` connections that each send again as soon as a reply is in.
 * @throws {Error} when any reply is not a 200.
 */
export async function measureThroughput(
  target: Target,
  seconds: number,
  context: { readonly cleanup: Cleanup; readonly hasWrk: boolean },
): Promise<Throughput> {
  const job = { path: "/v1/chat/completions", body: chatBody(chatModel, false) };
  const before = target.worker().cpuMicros;
  const totalBefore = target.total().cpuMicros;
  const { completed, seconds: took } = context.hasWrk
    ? await runWrk(target, { ...job, seconds, connections: concurrency }, context.cleanup)
    : await runLoad(closedLoop(target, seconds), context.cleanup);
  const cpuMicros = target.worker().cpuMicros - before;
  const totalCpuMicros = target.total().cpuMicros - totalBefore;
  return {
    requestsPerSecond: completed / took,
    cpuMicrosPerRequest: cpuMicros / completed,
    totalCpuMicrosPerRequest: totalCpuMicros / completed,
  };
}

/** Latency of whole replies at a fixed rate, counted from when each request was due. */
export async function measureLatency(
  target: Target,
  job: { readonly seconds: number; readonly ratePerSecond: number },
  cleanup: Cleanup,
): Promise<Latency> {
  const request = chatRequest(target.port, target.key, chatBody(chatModel, false));
  const fixed = { port: target.port, connections: 64, measure: "end", request } as const;
  return summary(await runLoad({ ...job, ...fixed, warmUpSeconds: warmUp(job.seconds) }, cleanup));
}

/** Time to the first content of a stream, counted from when the request was due. */
export async function measureFirstToken(
  target: Target,
  seconds: number,
  cleanup: Cleanup,
): Promise<Latency> {
  const job: LoadJob = {
    port: target.port,
    request: chatRequest(target.port, target.key, chatBody(streamModel, true)),
    seconds,
    warmUpSeconds: warmUp(seconds),
    ratePerSecond: streamsPerSecond,
    connections: 64,
    measure: "first_token",
  };
  return summary(await runLoad(job, cleanup));
}

function warmUp(seconds: number): number {
  return Math.min(0.5, seconds / 4);
}

function summary({ latenciesMs }: LoadResult): Latency {
  if (latenciesMs.length === 0) throw new Error("no reply was measured");
  return {
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
    samples: latenciesMs.length,
  };
}

function closedLoop(target: Target, seconds: number): LoadJob {
  return {
    port: target.port,
    request: chatRequest(target.port, target.key, chatBody(chatModel, false)),
    seconds,
    warmUpSeconds: 0,
    ratePerSecond: null,
    connections: concurrency,
    measure: "end",
  };
}

async function runLoad(job: LoadJob, cleanup: Cleanup): Promise<LoadResult> {
  const timeoutMs = job.seconds * 1000 + marginMs;
  const input = JSON.stringify(job);
  const output = await runChild(process.execPath, [here("../support/load/client.ts")], {
    cleanup,
    timeoutMs,
    input,
  });
  const result: LoadResult = JSON.parse(output);
  return result;
}

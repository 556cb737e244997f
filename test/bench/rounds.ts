import type { Cleanup } from "./cleanup.ts";
import {
  type Latency,
  measureFirstToken,
  measureLatency,
  measureThroughput,
  type Throughput,
} from "./measure.ts";
import type { BenchOptions, TargetName } from "./options.ts";
import type { Target } from "./targets.ts";
import { spreadOf } from "../support/statistics.ts";

/** One value a round, for each target that took part. */
export type Series<T> = Partial<Record<TargetName, readonly T[]>>;

export interface Measurements {
  readonly throughput: Series<Throughput>;
  /** The fixed rate of `latency`, and whose median throughput it is half of. */
  readonly ratePerSecond: number;
  readonly rateIsHalfOf: TargetName;
  readonly latency: Series<Latency>;
  readonly firstToken: Series<Latency>;
  readonly workerRssBytes: Partial<Record<TargetName, number>>;
  readonly totalRssBytes: Partial<Record<TargetName, number>>;
}

interface Context {
  readonly cleanup: Cleanup;
  readonly hasWrk: boolean;
  readonly log: (line: string) => void;
}

/** Takes every figure `rounds` times. Within a round the targets follow each other: A B C, A B C. */
export async function measureAll(
  targets: readonly Target[],
  { rounds, seconds }: BenchOptions,
  context: Context,
): Promise<Measurements> {
  const { cleanup, log } = context;
  for (const target of targets) await measureThroughput(target, Math.min(3, seconds), context);

  const inRounds = async <T>(
    what: string,
    measure: (target: Target) => Promise<T>,
  ): Promise<Series<T>> => {
    const series: Partial<Record<TargetName, T[]>> = {};
    for (let round = 1; round <= rounds; round += 1) {
      log(`${what}: round ${round} of ${rounds}`);
      for (const target of targets) (series[target.name] ??= []).push(await measure(target));
    }
    return series;
  };

  const throughput = await inRounds("throughput", (target) =>
    measureThroughput(target, seconds, context),
  );
  const rateIsHalfOf = targets.at(-1)?.name ?? "direct";
  const full = throughput[rateIsHalfOf]?.map(({ requestsPerSecond }) => requestsPerSecond) ?? [];
  const ratePerSecond = Math.max(1, Math.round(spreadOf(full).median / 2));
  const latency = await inRounds(`latency at ${ratePerSecond}/s`, (target) =>
    measureLatency(target, { seconds, ratePerSecond }, cleanup),
  );
  const firstToken = await inRounds("time to first token", (target) =>
    measureFirstToken(target, seconds, cleanup),
  );
  const memory = (read: (target: Target) => number): Partial<Record<TargetName, number>> =>
    Object.fromEntries(targets.map((target) => [target.name, read(target)]));
  return {
    throughput,
    ratePerSecond,
    rateIsHalfOf,
    latency,
    firstToken,
    workerRssBytes: memory((target) => target.worker().rssBytes),
    totalRssBytes: memory((target) => target.total().rssBytes),
  };
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSpool } from "../../../gateway/src/ledger/spool/open-spool.ts";
import { percentile } from "../../support/statistics.ts";
import { sampleCall } from "./sample-events.ts";

export interface AppendFigures {
  readonly mode: "interval" | "sync";
  readonly concurrency: number;
  readonly appends: number;
  /** From handing a record in to knowing that it is in, microseconds. */
  readonly p50Micros: number;
  readonly p99Micros: number;
  /** Processor time of this process for an append, all threads, microseconds. */
  readonly cpuMicros: number;
}

const variety = 2_000;

/** What it takes to append a call and its decision to a spool on the disk of the temporary folder. */
export async function measureAppend(
  mode: "interval" | "sync",
  concurrency: number,
  seconds: number,
): Promise<AppendFigures> {
  const root = await mkdtemp(join(tmpdir(), "weir-bench-spool-"));
  const spool = await openSpool({
    directory: join(root, "proxy-0"),
    spoolId: "proxy-0",
    commit: mode,
    commitIntervalMs: 50,
    segmentBytes: 67_108_864,
    maxSpoolBytes: 17_179_869_184,
    whenFull: "refuse",
    now: Date.now,
  });
  const events = Array.from({ length: variety }, (_, index) => sampleCall(index));
  const waits: number[] = [];
  const cpu = process.cpuUsage();
  const endAt = performance.now() + seconds * 1000;
  const append = async (from: number): Promise<void> => {
    for (let index = from; performance.now() < endAt; index += concurrency) {
      const event = events[index % variety];
      if (event === undefined) return;
      const at = performance.now();
      const decided = spool.appendSoon({ type: "decision", event: event.decision });
      await spool.append({ type: "call", event: event.call });
      await decided;
      waits.push((performance.now() - at) * 1000);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, (_, index) => append(index)));
  const used = process.cpuUsage(cpu);
  await spool.close();
  await rm(root, { recursive: true });
  return {
    mode,
    concurrency,
    appends: waits.length,
    p50Micros: percentile(waits, 0.5),
    p99Micros: percentile(waits, 0.99),
    cpuMicros: (used.user + used.system) / waits.length,
  };
}

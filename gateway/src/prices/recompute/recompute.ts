import { createHash } from "node:crypto";
import type { ClickHouseClient } from "@clickhouse/client";
import type { Config } from "../../config/schema.ts";
import type { RecomputeProgress } from "../../contracts/api/prices.ts";
import { createPricer } from "../pricer.ts";
import { type Correction, correctionOf } from "./correction.ts";
import type { PendingNote } from "./pending.ts";
import {
  firstPlace,
  PAGE_ROWS,
  type PlaceOfCall,
  readPage,
  type RecordedCall,
} from "./recorded-call.ts";
import { finishPending, writeBatch } from "./write-batch.ts";

export interface RecomputeRequest {
  readonly client: ClickHouseClient;
  /** Calls of others are left alone: nothing says what they cost. */
  readonly providers: Config["providers"];
  readonly note: PendingNote;
  /** UTC days, `2026-11-23`, in order. */
  readonly days: readonly string[];
  /** Says what it would do, and writes nothing. */
  readonly dryRun: boolean;
  /** Does the work of a page while nothing else is inserted, erased or compared. */
  readonly whilePaused: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * Prices the calls of the days anew and writes a correction for each whose cost is another now.
 * Tells how far it has come after every page; it may be left between two of them. A second run
 * over the same days finds nothing to do.
 */
export async function* recompute(request: RecomputeRequest): AsyncGenerator<RecomputeProgress> {
  const { client, note, days, dryRun, whilePaused } = request;
  if (!dryRun) await whilePaused(() => finishPending(client, note));
  const done: RecomputeProgress = {
    day: days[0] ?? "",
    finished: false,
    calls: 0,
    changed: 0,
    oldMicroUsd: 0,
    newMicroUsd: 0,
    stillUnpriced: 0,
    leftAlone: 0,
  };
  for (const day of days) {
    done.day = day;
    yield { ...done };
    for await (const page of pagesOf(request, day)) {
      add(done, page);
      yield { ...done };
    }
  }
  yield { ...done, finished: true };
}

interface Page {
  readonly calls: readonly RecordedCall[];
  readonly corrections: readonly Correction[];
  readonly leftAlone: number;
}

async function* pagesOf(request: RecomputeRequest, day: string): AsyncGenerator<Page> {
  const { client, providers, note, dryRun, whilePaused } = request;
  const pricer = createPricer(providers);
  const names = new Set(providers.map(({ name }) => name));
  const partition = day.replaceAll("-", "");
  let place: PlaceOfCall = firstPlace;
  const written = new Set<string>();
  // Read and written in one pause: what is erased in between would come back.
  const correctPage = async (from: PlaceOfCall) => {
    const read = await readPage(client, partition, from);
    // A correction stands at the moment of its call: those of a page's last moment may come up.
    const inForce = read.filter(({ id }) => !written.has(id));
    const calls = inForce.filter(({ provider }) => names.has(provider));
    const corrections = calls.flatMap((call) => correctionOf(call, pricer) ?? []);
    if (corrections.length > 0 && !dryRun) {
      const token = tokenOf(partition, corrections);
      await writeBatch(client, note, { partition, token, attempt: 0, corrections });
    }
    return { read, page: { calls, corrections, leftAlone: inForce.length - calls.length } };
  };
  for (;;) {
    const from = place;
    const { read, page } = await whilePaused(() => correctPage(from));
    yield page;
    const last = read.at(-1);
    if (read.length < PAGE_ROWS || last === undefined) return;
    const isSameMoment = last.personId === place.personId && last.startedAtMs === place.startedAtMs;
    if (!isSameMoment) written.clear();
    for (const { id } of page.corrections) written.add(id);
    place = last;
  }
}

/** By what is inserted: the same corrections, from whatever process, are one and the same batch. */
function tokenOf(partition: string, corrections: readonly Correction[]): string {
  const hash = createHash("sha256");
  for (const { id } of corrections) hash.update(id);
  return `recompute:${partition}:${hash.digest("hex")}`;
}

function add(done: RecomputeProgress, { calls, corrections, leftAlone }: Page): void {
  const byOld = new Map(corrections.map((each) => [each.supersedes, each]));
  done.calls += calls.length;
  done.changed += corrections.length;
  done.leftAlone += leftAlone;
  for (const call of calls) {
    const { microUsd, status } = byOld.get(call.id) ?? call;
    done.oldMicroUsd += call.microUsd ?? 0;
    done.newMicroUsd += microUsd ?? 0;
    if (status === "unpriced") done.stillUnpriced += 1;
  }
}

import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type HeadPublisher, publishHeads } from "../heads/publish-heads.ts";
import { openSigningKey } from "../heads/signing-key.ts";
import { type AuditLeaf, type AuditLog, openAuditLog } from "../log/audit-log.ts";
import type { AuditTable } from "../log/entry.ts";

export const startMs = Date.UTC(2026, 10, 23, 8);
export const source = { spoolId: "proxy-1", epoch: 1_700_000_000_000 };

const tables: readonly AuditTable[] = ["decisions", "admin_log", "access_log"];

/** The version 7 UUID of sample leaf `index`. */
export function sampleId(index: number): string {
  const time = (startMs + index).toString(16).padStart(12, "0");
  const rest = createHash("sha256").update(`id ${index}`).digest("hex");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-8${rest.slice(3, 6)}-${rest.slice(6, 18)}`;
}

/** Leaf `index` of a source; sequences have gaps, as calls share the numbering. */
export function sampleLeaf(index: number, changes: Partial<AuditLeaf> = {}): AuditLeaf {
  const { spoolId, epoch } = source;
  const sequence = index * 2 + 1;
  const line = `${spoolId}\t${epoch}\t${sequence}\t${sampleId(index)}\tpayload ${index}`;
  const table = tables[index % tables.length] ?? "decisions";
  return { table, layout: 1, atMs: startMs + index, sequence, line: Buffer.from(line), ...changes };
}

export function sampleLeaves(from: number, to: number): AuditLeaf[] {
  return Array.from({ length: to - from }, (_, index) => sampleLeaf(from + index));
}

/** A folder that is gone when the test is over. */
export async function temporaryDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "weir-audit-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return join(path, "audit");
}

export interface TestLog {
  readonly log: AuditLog;
  readonly publisher: HeadPublisher;
  readonly clock: { nowMs: number };
}

/** A log with a publisher that publishes when told to; both are closed after the work. */
export async function withTestLog<T>(
  directory: string,
  work: (parts: TestLog) => Promise<T>,
  publishTo: readonly string[] = [],
): Promise<T> {
  const clock = { nowMs: startMs };
  const now = () => clock.nowMs;
  const log = await openAuditLog({ directory, now });
  try {
    const randomBytes = (size: number) => Buffer.alloc(size, 7);
    const signer = await openSigningKey({ directory, signingKeyFile: "", randomBytes });
    const publisher = await publishHeads({
      log,
      signer,
      now,
      intervalMs: 3_600_000,
      publishTo,
      fetch,
      onError: (error) => {
        throw error;
      },
    });
    try {
      return await work({ log, publisher, clock });
    } finally {
      await publisher.close();
    }
  } finally {
    await log.close();
  }
}

/** Appends sample leaves up to each size in turn, with a head at each. */
export async function fillLog(directory: string, sizes: readonly number[]): Promise<void> {
  await withTestLog(directory, async ({ log, publisher, clock }) => {
    for (const size of sizes) {
      await log.append(source, sampleLeaves(log.size, size));
      clock.nowMs += 60_000;
      await publisher.publish();
    }
  });
}

import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openHeadWriter } from "../../gateway/src/audit/heads/head-writer.ts";
import { openSigningKey } from "../../gateway/src/audit/heads/signing-key.ts";
import { type AuditLeaf, openAuditLog } from "../../gateway/src/audit/log/audit-log.ts";
import { LeafHasher } from "../../gateway/src/audit/log/leaf-input.ts";
import { proveRow } from "../../gateway/src/audit/prove/prove-row.ts";
import { type AuditRow, verifyRows } from "../../gateway/src/audit/rows/verify-rows.ts";
import { findSince } from "../../gateway/src/audit/verify/since.ts";
import { verifyFiles } from "../../gateway/src/audit/verify/verify-files.ts";

// Appends a million leaves of a month, with a head a minute, then proves and verifies them.
const LEAVES = 1_000_000;
const BATCH = 25_000;
const MONTH_MS = 30 * 86_400_000;
const HEADS = 43_200;
const startMs = Date.UTC(2026, 10, 1);
const source = { spoolId: "proxy-1", epoch: 1 };

function idOf(index: number): string {
  const time = timeOf(index).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${index.toString(16).padStart(12, "0")}`;
}

function timeOf(index: number): number {
  return startMs + Math.floor((index / LEAVES) * MONTH_MS);
}

const rest = "x".repeat(500);

function leafOf(index: number): AuditLeaf {
  const line = Buffer.from(`proxy-1\t1\t${index}\t${idOf(index)}\t${rest}`);
  return { table: "decisions", layout: 1, atMs: timeOf(index), sequence: index, line };
}

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const start = performance.now();
  const result = await work();
  return { ms: performance.now() - start, result };
}

async function fill(directory: string): Promise<void> {
  let clockMs = startMs;
  const now = () => clockMs;
  const log = await openAuditLog({ directory, now });
  const signer = await openSigningKey({ directory, signingKeyFile: "", randomBytes });
  const heads = await openHeadWriter({ log, signer, now });
  let appendMs = 0;
  for (let first = 0; first < LEAVES; first += BATCH) {
    const leaves = Array.from({ length: BATCH }, (_, index) => leafOf(first + index));
    appendMs += (await timed(() => log.append(source, leaves))).ms;
    clockMs = timeOf(first + BATCH);
    await heads.write();
  }
  console.log(`append: ${Math.round((LEAVES / appendMs) * 1000)} leaves/s, batches of ${BATCH}`);
  // As many heads as a month has minutes, also for the verification.
  const { ms } = await timed(async () => {
    for (let count = 0; count < HEADS; count += 1) {
      clockMs += 60_000;
      await heads.write({ force: true });
    }
  });
  console.log(`head: ${(ms / HEADS).toFixed(2)} ms each, signed and durable`);
  await log.close();
}

async function* rows(): AsyncGenerator<AuditRow> {
  const hasher = new LeafHasher();
  for (let index = 0; index < LEAVES; index += 1) {
    const { table, sequence, line } = leafOf(index);
    const leafHash = (layout: number) => hasher.binary(table, layout, line);
    yield { ...source, table, sequence, line, leafHash };
  }
}

const root = await mkdtemp(join(tmpdir(), "weir-bench-audit-"));
const directory = join(root, "audit");
try {
  await fill(directory);
  const times: number[] = [];
  for (let index = 0; index < 200; index += 1)
    times.push((await timed(() => proveRow(directory, idOf((index * 7_919 * 613) % LEAVES)))).ms);
  times.sort((one, other) => one - other);
  console.log(
    `proof by id: p50 ${times[100]?.toFixed(2)} ms, p95 ${times[190]?.toFixed(2)} ms, max ${times[199]?.toFixed(2)} ms`,
  );
  const open = await timed(() => openAuditLog({ directory, now: Date.now }));
  await open.result.close();
  console.log(`opening: ${open.ms.toFixed(0)} ms`);
  const files = await timed(() => verifyFiles({ directory }));
  const { checkedLeaves, checkedHeads, findings } = files.result;
  console.log(
    `verify files: ${files.ms.toFixed(0)} ms, ${checkedLeaves} leaves, ${checkedHeads} heads, ${findings.length} findings`,
  );
  const own = await openSigningKey({ directory, signingKeyFile: "", randomBytes });
  const since = await findSince(directory, String(LEAVES - BATCH), own.key);
  const part = await timed(() => verifyFiles({ directory, since }));
  console.log(`verify since the last batch: ${part.ms.toFixed(0)} ms`);
  const compared = await timed(() => verifyRows(directory, rows(), { expiredBeforeMs: () => 0 }));
  console.log(
    `compare rows (hashed, made in memory): ${compared.ms.toFixed(0)} ms, ${compared.result.findings.length} findings`,
  );
  console.log(`memory: ${Math.round(process.memoryUsage.rss() / 1_048_576)} MB`);
} finally {
  await rm(root, { recursive: true, force: true });
}

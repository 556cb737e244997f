import { join } from "node:path";
import { expect, test } from "vitest";
import { AuditNotFoundError } from "../errors.ts";
import { readPublicKey } from "../heads/signing-key.ts";
import { openAuditLog } from "../log/audit-log.ts";
import {
  fillLog,
  sampleId,
  sampleLeaf,
  sampleLeaves,
  source,
  startMs,
  temporaryDirectory,
} from "../testing/test-log.ts";
import { findSince } from "../verify/since.ts";
import { checkProof, proveRow } from "./prove-row.ts";

async function keyOf(directory: string) {
  const key = await readPublicKey(directory);
  if (key === null) throw new Error("no key");
  return key;
}

test("a row is proved by its id, and the proof holds for that row alone", async () => {
  const directory = await temporaryDirectory();
  await fillLog(directory, [100, 300, 5_000]);
  const key = await keyOf(directory);
  const since = await findSince(directory, "300", key);
  for (const index of [0, 1, 255, 256, 2_500, 4_999]) {
    const proof = await proveRow(directory, sampleId(index), since);
    expect(proof).toMatchObject({ leaf: index, entry: { ...source, id: sampleId(index) } });
    const { line } = sampleLeaf(index);
    expect(checkProof(proof, key, { line, since })).toBe("");
    expect(checkProof(proof, key, { line: sampleLeaf(index + 1).line })).toMatch("another");
    expect(checkProof({ ...proof, leaf: index + 1 }, key)).toMatch("path");
    const checkpoint = proof.checkpoint.replace("5000", "5001");
    expect(checkProof({ ...proof, checkpoint }, key)).toMatch("signed");
    expect(checkProof({ ...proof, inclusionPath: proof.inclusionPath.slice(1) }, key)).toMatch(
      "path",
    );
    expect(checkProof(proof, key, { since: { ...since, root: Buffer.alloc(32) } })).toMatch(
      "older",
    );
  }
});

test("a row far from its time's place, or with another kind of id, is found as well", async () => {
  const directory = await temporaryDirectory();
  await fillLog(directory, [4_000]);
  const log = await openAuditLog({ directory, now: () => startMs });
  const odd = ["late", "0193a8c0-0000-4000-8000-000000000000"].map((id, index) => {
    const sequence = 90_000 + index;
    const line = Buffer.from(`${source.spoolId}\t${source.epoch}\t${sequence}\t${id}\tx`);
    return sampleLeaf(0, { sequence, line });
  });
  await log.append(source, [...odd, ...sampleLeaves(50_000, 90_000)]);
  await log.close();
  await fillLog(directory, [50_000]);
  expect((await proveRow(directory, "late")).leaf).toBe(4_000);
  expect((await proveRow(directory, "0193a8c0-0000-4000-8000-000000000000")).leaf).toBe(4_001);
});

test("a row that the log has not, or no head has signed, has no proof", async () => {
  const directory = await temporaryDirectory();
  await fillLog(directory, [10]);
  await expect(proveRow(directory, sampleId(10))).rejects.toThrow(AuditNotFoundError);
  const log = await openAuditLog({ directory, now: () => startMs });
  await log.append(source, sampleLeaves(10, 11));
  await log.close();
  await expect(proveRow(directory, sampleId(10))).rejects.toThrow("no head has signed yet");
  const since = findSince(directory, join(directory, "nothing"), await keyOf(directory));
  await expect(since).rejects.toThrow(AuditNotFoundError);
});

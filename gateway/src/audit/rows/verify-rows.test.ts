import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { recordErased } from "../erasure/record-erased.ts";
import type { AuditLeaf } from "../log/audit-log.ts";
import { LeafHasher } from "../log/leaf-input.ts";
import {
  sampleLeaf,
  sampleLeaves,
  source,
  startMs,
  temporaryDirectory,
  withTestLog,
} from "../testing/test-log.ts";
import { type AuditRow, type VerifyRowsOptions, verifyRows } from "./verify-rows.ts";

const hasher = new LeafHasher();

function rowOf({ table, sequence, line, layout }: AuditLeaf): AuditRow {
  const leafHash = (version: number) =>
    version === layout ? hasher.binary(table, version, line) : null;
  return { ...source, table, sequence, line, leafHash };
}

async function* stream(rows: readonly AuditRow[]): AsyncGenerator<AuditRow> {
  yield* rows;
}

async function logOf(leaves: readonly AuditLeaf[]): Promise<string> {
  const directory = await temporaryDirectory();
  await withTestLog(directory, ({ log }) => log.append(source, leaves));
  return directory;
}

const rows = sampleLeaves(0, 300).map(rowOf);
const check = (
  directory: string,
  those: readonly AuditRow[],
  options: Partial<VerifyRowsOptions> = {},
) => verifyRows(directory, stream(those), { expiredBeforeMs: () => 0, ...options });

describe("rows", () => {
  test("that are what was logged have no finding, in any order", async () => {
    const directory = await logOf(sampleLeaves(0, 300));
    expect(await check(directory, rows)).toMatchObject({ rows: 300, leaves: 300, findings: [] });
    expect((await check(directory, rows.toReversed())).findings).toEqual([]);
  });

  test("that were changed, removed, inserted, doubled or put into another table are named", async () => {
    const directory = await logOf(sampleLeaves(0, 300));
    const changed = rowOf(sampleLeaf(5, { line: Buffer.from("changed") }));
    const inserted = rowOf(sampleLeaf(0, { sequence: 8 }));
    const moved = rowOf(sampleLeaf(9, { table: "admin_log" }));
    const [first] = rows;
    if (first === undefined) throw new Error("no row");
    const tampered = [...rows.with(5, changed).with(9, moved).toSpliced(200, 1), inserted, first];
    const { findings } = await check(directory, tampered);
    expect(findings.map(({ kind, sequence }) => [kind, sequence])).toEqual([
      ["row-changed", 11],
      ["row-changed", 19],
      ["row-inserted", 8],
      ["row-doubled", 1],
      ["row-missing", 401],
    ]);
  });

  test("may be missing when expired or on their way, but no other", async () => {
    const directory = await logOf(sampleLeaves(0, 300));
    const report = await check(directory, rows.slice(100, 290), {
      expiredBeforeMs: () => startMs + 99,
      shippedThrough: () => 290 * 2,
    });
    expect(report).toMatchObject({ expired: 99, pending: 10, findings: [{ leaf: 99 }] });
  });

  test("among the dead letters are checked like others", async () => {
    const directory = await logOf(sampleLeaves(0, 300));
    const letter = { ...rowOf(sampleLeaf(7)), isDeadLetter: true };
    const forged = { ...rowOf(sampleLeaf(8, { line: Buffer.from("forged") })), isDeadLetter: true };
    const report = await check(directory, [...rows.toSpliced(7, 2), letter, forged]);
    expect(report).toMatchObject({ deadLetters: 2, findings: [{ kind: "row-changed", leaf: 8 }] });
  });
});

describe("an erasure", () => {
  const erased = [
    { ...source, sequence: 21 },
    { ...source, sequence: 23 },
  ];
  const tombstone = (digest: string, index: number, action = "person.erase") => {
    const { spoolId, epoch } = source;
    const sequence = index * 2 + 1;
    const line = Buffer.from(
      `${spoolId}\t${epoch}\t${sequence}\tt-1\t2026-11-23 08:00:00.000\tweir\t${action}\tx\t\t{"erasures":"${digest}"}`,
    );
    return sampleLeaf(index, { table: "admin_log", line });
  };
  const left = rows.toSpliced(10, 2);

  async function erase(leafOf: (digest: string) => AuditLeaf): Promise<[string, AuditRow]> {
    const elsewhere = await temporaryDirectory();
    const { digest } = await recordErased(elsewhere, "t-1", erased);
    const leaf = leafOf(digest);
    const leaves = [...sampleLeaves(0, 300), leaf].toSorted((a, b) => a.sequence - b.sequence);
    const directory = await logOf(
      leaves.filter((each) => each === leaf || each.sequence !== leaf.sequence),
    );
    expect(await recordErased(directory, "t-1", erased)).toEqual({ digest });
    return [directory, rowOf(leaf)];
  }

  test("that a leaf says excuses its rows", async () => {
    const [directory, row] = await erase((digest) => tombstone(digest, 400));
    expect(await check(directory, [...left, row])).toMatchObject({ erased: 2, findings: [] });
  });

  test("that is only claimed in a file excuses nothing", async () => {
    const directory = await logOf(sampleLeaves(0, 300));
    await recordErased(directory, "t-1", erased);
    const { findings } = await check(directory, left);
    const kinds = findings.map(({ kind }) => kind);
    expect(kinds).toEqual(["row-missing", "row-missing", "erasure-unproved"]);
  });

  test("whose file was changed, whose leaf says another action, or came before, excuses nothing", async () => {
    const [changed, row] = await erase((digest) => tombstone(digest, 400));
    const path = join(changed, "erasures", "t-1.json");
    writeFileSync(path, readFileSync(path, "utf8").replace("[21,21]", "[19,21]"));
    expect((await check(changed, [...left, row])).findings).toHaveLength(3);
    const [other, note] = await erase((digest) => tombstone(digest, 400, "person.note"));
    expect((await check(other, [...left, note])).findings).toHaveLength(3);
    const [early, before] = await erase((digest) => tombstone(digest, 3));
    expect((await check(early, left.with(3, before))).findings).toHaveLength(2);
  });

  test("whose tombstone row does not fit its leaf excuses nothing", async () => {
    const directory = await logOf(sampleLeaves(0, 300));
    const { digest } = await recordErased(directory, "t-1", erased);
    const forged = rowOf({ ...tombstone(digest, 298), sequence: sampleLeaf(298).sequence });
    const { findings } = await check(directory, left.with(296, forged));
    expect(findings.map(({ kind }) => kind)).toContain("erasure-unproved");
    expect(findings.map(({ kind }) => kind)).toContain("row-changed");
  });
});

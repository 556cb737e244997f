import { setImmediate as nextTurn } from "node:timers/promises";
import { ProvedErasures } from "../erasure/proved-erasures.ts";
import { readErasures } from "../erasure/record-erased.ts";
import { AuditReader } from "../log/audit-reader.ts";
import {
  type AuditTable,
  layoutAt,
  LEAF_OFFSET,
  sequenceAt,
  sourceAt,
  tableAt,
  timeAt,
} from "../log/entry.ts";
import { type AuditSource, sourceRef } from "../log/sources.ts";
import { HASH_BYTES } from "../merkle/hash.ts";
import { describeLeaf, leafText } from "../verify/describe-leaf.ts";
import { type Finding, Findings } from "../verify/finding.ts";
import { LeafIndex } from "./leaf-index.ts";

/** A row as the database has it now. */
export interface AuditRow extends AuditSource {
  readonly table: AuditTable;
  readonly sequence: number;
  /** In the newest layout, without its newline. */
  readonly line: Buffer;
  /** The row is not in the database but among the dead letters, maybe twice. */
  readonly isDeadLetter?: boolean;
  /** The leaf hash by a layout version, 32 bytes as latin1 text; null = no such version. */
  readonly leafHash: (layout: number) => string | null;
}

export interface VerifyRowsOptions {
  /** Rows before this time may have expired; Unix milliseconds. */
  readonly expiredBeforeMs: (table: AuditTable) => number;
  /** Rows above this are not all in the database yet; Infinity = all are. */
  readonly shippedThrough?: (source: AuditSource) => number;
  readonly onProgress?: (rows: number) => void;
}

export interface RowsReport {
  readonly rows: number;
  readonly leaves: number;
  readonly expired: number;
  readonly erased: number;
  readonly deadLetters: number;
  /** Leaves whose rows are on their way. */
  readonly pending: number;
  readonly findings: readonly Finding[];
  readonly findingsLeftOut: number;
}

const TURN_ROWS = 8_192;

/**
 * Compares the rows of the database with the leaves of the log: which were changed, which are
 * missing without a lawful reason, which no leaf knows. Memory: a bit a leaf, and the log's runs.
 * Sorted rows of a table and day are fastest; any order gives the same.
 */
export async function verifyRows(
  directory: string,
  rows: AsyncIterable<AuditRow>,
  options: VerifyRowsOptions,
): Promise<RowsReport> {
  const reader = new AuditReader(directory);
  try {
    const check = new RowCheck(reader, new ProvedErasures(await readErasures(directory)), options);
    for await (const row of rows) {
      check.row(row);
      if (check.rows % TURN_ROWS > 0) continue;
      options.onProgress?.(check.rows);
      await nextTurn();
    }
    return await check.conclude();
  } finally {
    reader.close();
  }
}

class RowCheck {
  rows = 0;
  #deadLetters = 0;
  readonly #reader: AuditReader;
  readonly #erasures: ProvedErasures;
  readonly #options: VerifyRowsOptions;
  readonly #index: LeafIndex;
  readonly #leaves: number;
  readonly #seen: Uint8Array;
  readonly #refs = new Map<string, string>();
  readonly #findings = new Findings();

  constructor(reader: AuditReader, erasures: ProvedErasures, options: VerifyRowsOptions) {
    this.#reader = reader;
    this.#erasures = erasures;
    this.#options = options;
    this.#index = new LeafIndex(reader);
    this.#leaves = this.#index.size;
    this.#seen = new Uint8Array(Math.ceil(this.#leaves / 8));
  }

  row(row: AuditRow): void {
    this.rows += 1;
    const leaf = this.#find(row);
    if (leaf === null) {
      const { table, spoolId, epoch, sequence } = row;
      const where = `${table}, ${spoolId}@${epoch}, sequence ${sequence}`;
      const message = `No leaf knows the row (${where}): it was inserted, or its position changed`;
      this.#findings.add({ kind: "row-inserted", message, table, spoolId, epoch, sequence });
      return;
    }
    if (row.isDeadLetter === true) this.#deadLetters += 1;
    else if (this.#wasSeen(leaf))
      this.#name(leaf, "row-doubled", (text) => `The row stands twice of ${text}`);
    if (leaf < this.#leaves)
      this.#seen[leaf >> 3] = (this.#seen[leaf >> 3] ?? 0) | (1 << (leaf & 7));
    const { buffer, offset } = this.#index.entryAt(leaf);
    const start = offset + LEAF_OFFSET;
    const expected = buffer.toString("binary", start, start + HASH_BYTES);
    const layout = layoutAt(buffer, offset);
    if (tableAt(buffer, offset) !== row.table || row.leafHash(layout) !== expected)
      this.#name(leaf, "row-changed", (text) => `The row was changed of ${text}`);
    else if (row.table === "admin_log") this.#erasures.take(row.line, leaf);
  }

  async conclude(): Promise<RowsReport> {
    const counts = { expired: 0, erased: 0, deadLetters: this.#deadLetters, pending: 0 };
    const isErased = this.#erasures.covers();
    const sources = this.#reader.sources();
    for (let leaf = 0; leaf < this.#leaves; leaf += 1) {
      if (leaf % 65_536 === 0) await nextTurn();
      if (this.#wasSeen(leaf)) continue;
      const { buffer, offset } = this.#index.entryAt(leaf);
      const ref = sourceAt(buffer, offset);
      const sequence = sequenceAt(buffer, offset);
      const source = sources.get(ref) ?? { spoolId: "", epoch: 0 };
      const { expiredBeforeMs, shippedThrough } = this.#options;
      if (timeAt(buffer, offset) < expiredBeforeMs(tableAt(buffer, offset))) counts.expired += 1;
      else if (isErased(ref, sequence, leaf)) counts.erased += 1;
      else if (sequence > (shippedThrough?.(source) ?? Infinity)) counts.pending += 1;
      else this.#name(leaf, "row-missing", (text) => `The row was removed of ${text}`);
    }
    for (const { file, digest } of this.#erasures.unproved()) {
      const message = `No leaf says the erasure that ${file} claims (SHA-256 ${digest})`;
      this.#findings.add({ kind: "erasure-unproved", message, file });
    }
    const { list, leftOut } = this.#findings;
    const totals = { rows: this.rows, leaves: this.#leaves };
    return { ...totals, ...counts, findings: list, findingsLeftOut: leftOut };
  }

  #find({ spoolId, epoch, sequence }: AuditRow): number | null {
    const key = `${spoolId}@${epoch}`;
    let ref = this.#refs.get(key);
    if (ref === undefined) {
      ref = sourceRef({ spoolId, epoch });
      if (this.#refs.size < 10_000) this.#refs.set(key, ref);
    }
    const leaf = this.#index.find(ref, sequence);
    if (leaf !== null) return leaf;
    this.#index.extend();
    return this.#index.find(ref, sequence);
  }

  #wasSeen(leaf: number): boolean {
    return ((this.#seen[leaf >> 3] ?? 0) & (1 << (leaf & 7))) !== 0;
  }

  #name(leaf: number, kind: Finding["kind"], say: (leafText: string) => string): void {
    const name = describeLeaf(this.#reader, this.#reader.sources(), leaf);
    this.#findings.add({ kind, message: say(leafText(name)), ...name });
  }
}

import { setImmediate as nextTurn } from "node:timers/promises";
import type { Head } from "../heads/head.ts";
import { HEADS_FILE } from "../heads/heads-file.ts";
import { type AuditReader, BLOCK_ENTRIES, ENTRIES_FILE } from "../log/audit-reader.ts";
import { type Edge, edgeFrom, entriesRootOf, growEdge } from "../log/edge.ts";
import { ENTRY_BYTES, isEntry, sequenceAt, sourceAt } from "../log/entry.ts";
import type { AuditSource } from "../log/sources.ts";
import { treeFrom } from "../merkle/growing-tree.ts";
import type { CheckedHead } from "./check-heads.ts";
import type { LevelComparer } from "./compare-levels.ts";
import { describeLeaf, leafText } from "./describe-leaf.ts";
import { explainNodes } from "./explain-nodes.ts";
import type { Finding, Findings } from "./finding.ts";
import type { OpenHeads } from "./open-heads.ts";

const CHUNK_ENTRIES = 16 * BLOCK_ENTRIES;

interface WalkParts {
  readonly options: {
    readonly since?: Head | undefined;
    readonly onProgress?: ((leaves: number, ofLeaves: number) => void) | undefined;
  };
  readonly reader: AuditReader;
  readonly sources: ReadonlyMap<string, AuditSource>;
  readonly heads: OpenHeads;
  readonly levels: LevelComparer;
  readonly blocks: LevelComparer;
  readonly findings: Findings;
}

/** One walk over the entries, with the heads alongside. */
export class LogWalk {
  checkedLeaves = 0;
  readonly #parts: WalkParts;
  readonly #edge: Edge;
  readonly #named = new Set<number>();
  readonly #last = new Map<string, number>();
  #goodSize = 0;
  #isRootWrong = false;
  #isEntriesRootWrong = false;

  constructor(parts: WalkParts) {
    this.#parts = parts;
    this.#edge = this.#startEdge();
  }

  async run(): Promise<void> {
    const { reader, heads, options } = this.#parts;
    const edge = this.#edge;
    const { size } = reader;
    if (heads.since !== undefined) this.#walkTo(heads.since.size, size);
    if (heads.since !== undefined) this.#checkHead({ head: heads.since, offset: -1 });
    for (let head = await heads.next(); head !== undefined; head = await heads.next()) {
      while (edge.rows.size < Math.min(head.head.size, size)) {
        this.#walkTo(Math.min(head.head.size, edge.rows.size + CHUNK_ENTRIES), size);
        options.onProgress?.(edge.rows.size, size);
        await nextTurn();
      }
      this.#checkHead(head);
    }
    while (edge.rows.size < size) {
      const before = edge.rows.size;
      this.#walkTo(Math.min(size, before + CHUNK_ENTRIES), size);
      if (edge.rows.size === before) break;
      await nextTurn();
    }
    this.#conclude(size);
  }

  #startEdge(): Edge {
    const { reader, options } = this.#parts;
    const whole = Math.floor(Math.min(options.since?.size ?? 0, reader.size) / BLOCK_ENTRIES);
    const rows = treeFrom(whole * BLOCK_ENTRIES, reader.nodeAt);
    return edgeFrom(rows, treeFrom(whole, reader.blockAt));
  }

  #walkTo(end: number, size: number): void {
    const { reader, levels, blocks } = this.#parts;
    const edge = this.#edge;
    const sinks = { rows: levels, blocks };
    while (edge.rows.size < Math.min(end, size)) {
      const first = edge.rows.size;
      const buffer = reader.readRaw(first, Math.min(CHUNK_ENTRIES, end - first));
      if (buffer.length === 0) return;
      for (let offset = 0; offset < buffer.length; offset += ENTRY_BYTES) {
        this.#checkEntry(buffer, offset, first + offset / ENTRY_BYTES);
        growEdge(edge, buffer, offset, sinks);
        this.checkedLeaves += 1;
      }
    }
  }

  #checkEntry(buffer: Buffer, offset: number, leaf: number): void {
    const { sources } = this.#parts;
    if (!isEntry(buffer, offset))
      return this.#name(leaf, "entry-changed", (text) => `The entry was changed of ${text}`);
    const ref = sourceAt(buffer, offset);
    if (!sources.has(ref))
      this.#name(leaf, "source-changed", (text) => `The source was removed of ${text}`);
    const sequence = sequenceAt(buffer, offset);
    const before = this.#last.get(ref) ?? -1;
    if (sequence <= before)
      this.#name(leaf, "entry-order", (text) => `After sequence ${before} stands ${text}`);
    this.#last.set(ref, sequence);
  }

  #name(leaf: number, kind: Finding["kind"], say: (leafText: string) => string): void {
    const { reader, sources, findings } = this.#parts;
    const name = describeLeaf(reader, sources, leaf);
    if (this.#named.size < 1_000) this.#named.add(leaf);
    const at = { file: ENTRIES_FILE, offset: leaf * ENTRY_BYTES };
    findings.add({ kind, message: say(leafText(name)), ...name, ...at });
  }

  #checkHead({ head, offset }: CheckedHead): void {
    const { findings } = this.#parts;
    const { size } = this.#edge.rows;
    const where = offset < 0 ? "the head to go on from" : `the head at byte ${offset} of heads`;
    const at = offset < 0 ? {} : { file: HEADS_FILE, offset };
    // An older head in the wrong place, which has been reported as such.
    if (head.size < size) return;
    if (head.size > size) {
      const message = `Leaves ${size} to ${head.size - 1} were removed: ${where} has signed them`;
      findings.add({ kind: "log-truncated", message, leaf: size, ...at });
      return;
    }
    const isRowsWrong = !head.root.equals(this.#edge.rows.root());
    const isEntriesWrong = !head.entriesRoot.equals(entriesRootOf(this.#edge));
    if (!isRowsWrong && !isEntriesWrong) {
      this.#goodSize = size;
      return;
    }
    const isFirst = !this.#isRootWrong && !this.#isEntriesRootWrong;
    this.#isRootWrong ||= isRowsWrong;
    this.#isEntriesRootWrong ||= isEntriesWrong;
    if (!isFirst) return;
    const what = isRowsWrong ? "rows" : "entries";
    const message =
      `The ${what} do not give the root that ${where} has signed: ` +
      `something was changed among leaves ${this.#goodSize} to ${head.size - 1}`;
    findings.add({ kind: "head-root", message, leaf: this.#goodSize, ...at });
  }

  #conclude(size: number): void {
    const { reader, sources, heads, levels, blocks, findings } = this.#parts;
    const signed = Math.max(heads.checker.size, heads.since?.size ?? 0);
    // A running Weir writes entries first; what no head has signed may lack its nodes yet.
    const isDue = (width: number) => (node: { level: number; index: number; isMissing: boolean }) =>
      !node.isMissing || (node.index + 1) * 2 ** node.level * width <= signed;
    explainNodes(
      {
        rows: levels.wrong.filter(isDue(1)),
        blocks: blocks.wrong.filter(isDue(BLOCK_ENTRIES)),
        isRootWrong: this.#isRootWrong,
        isEntriesRootWrong: this.#isEntriesRootWrong,
        named: this.#named,
        size,
      },
      { reader, sources, report: findings.add },
    );
    const whole = Math.floor(reader.size / BLOCK_ENTRIES);
    for (const { file, offset } of [...levels.tooLong(reader.size), ...blocks.tooLong(whole)]) {
      const message = `${file} goes on behind the log, at byte ${offset}`;
      findings.add({ kind: "level-changed", message, file, offset });
    }
  }
}

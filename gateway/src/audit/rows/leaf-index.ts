import type { AuditReader } from "../log/audit-reader.ts";
import { ENTRY_BYTES, sequenceAt, sourceAt } from "../log/entry.ts";

/** Leaves that follow each other in the log and come from one source. */
interface Run {
  readonly firstLeaf: number;
  readonly firstSequence: number;
  count: number;
}

const CHUNK_ENTRIES = 4_096;
const CACHED_CHUNKS = 64;

/** Finds leaves by source and sequence; keeps the runs of the log in memory, not its entries. */
export class LeafIndex {
  size = 0;
  readonly #reader: AuditReader;
  readonly #runs = new Map<string, Run[]>();
  readonly #chunks = new Map<number, Buffer>();
  #lastSource = "";
  #lastFound = -1;
  #lastChunk: { number: number; buffer: Buffer } = { number: -1, buffer: Buffer.alloc(0) };

  constructor(reader: AuditReader) {
    this.#reader = reader;
    this.extend();
  }

  /** Takes in what has been appended since. */
  extend(): void {
    const end = this.#reader.size;
    if (end === this.size) return;
    this.#chunks.clear();
    this.#lastChunk = { number: -1, buffer: Buffer.alloc(0) };
    while (this.size < end) {
      const raw = this.#reader.readRaw(this.size, Math.min(CHUNK_ENTRIES, end - this.size));
      if (raw.length === 0) return;
      for (let offset = 0; offset < raw.length; offset += ENTRY_BYTES) {
        const source = sourceAt(raw, offset);
        const runs = this.#runs.get(source) ?? [];
        const last = runs.at(-1);
        if (source === this.#lastSource && last !== undefined) last.count += 1;
        else {
          const firstSequence = sequenceAt(raw, offset);
          runs.push({ firstLeaf: this.size, firstSequence, count: 1 });
          this.#runs.set(source, runs);
          this.#lastSource = source;
        }
        this.size += 1;
      }
    }
  }

  /** null = no leaf has it. */
  find(source: string, sequence: number): number | null {
    const runs = this.#runs.get(source) ?? [];
    const after = lowest(runs.length, (index) => (runs[index]?.firstSequence ?? 0) > sequence);
    const run = runs[after - 1];
    if (run === undefined) return null;
    const isAtOrAfter = (index: number) => this.#sequenceOf(run.firstLeaf + index) >= sequence;
    // Rows come in order, so the leaf is mostly one of the next behind the last one.
    const hint = this.#lastFound - run.firstLeaf;
    let from = hint >= 0 && hint < run.count && !isAtOrAfter(hint) ? hint + 1 : 0;
    let step = from === 0 ? run.count : 1;
    while (from + step < run.count && !isAtOrAfter(from + step)) {
      from += step + 1;
      step *= 2;
    }
    const end = Math.min(run.count, from + step);
    const at = from + lowest(Math.max(0, end - from), (index) => isAtOrAfter(from + index));
    const leaf = run.firstLeaf + at;
    if (at >= run.count || this.#sequenceOf(leaf) !== sequence) return null;
    this.#lastFound = leaf;
    return leaf;
  }

  /** The entry, as it stands in a buffer. */
  entryAt(leaf: number): { readonly buffer: Buffer; readonly offset: number } {
    const number = Math.floor(leaf / CHUNK_ENTRIES);
    const offset = (leaf % CHUNK_ENTRIES) * ENTRY_BYTES;
    return { buffer: this.#chunkOf(number), offset };
  }

  #sequenceOf(leaf: number): number {
    const buffer = this.#chunkOf(Math.floor(leaf / CHUNK_ENTRIES));
    return sequenceAt(buffer, (leaf % CHUNK_ENTRIES) * ENTRY_BYTES);
  }

  #chunkOf(number: number): Buffer {
    if (number === this.#lastChunk.number) return this.#lastChunk.buffer;
    let buffer = this.#chunks.get(number);
    if (buffer === undefined) {
      buffer = this.#reader.readRaw(number * CHUNK_ENTRIES, CHUNK_ENTRIES);
      const [oldest] = this.#chunks.keys();
      if (this.#chunks.size >= CACHED_CHUNKS && oldest !== undefined) this.#chunks.delete(oldest);
      this.#chunks.set(number, buffer);
    }
    this.#lastChunk = { number, buffer };
    return buffer;
  }
}

/** The lowest index below `count` for which it holds, as for all after it; else `count`. */
function lowest(count: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

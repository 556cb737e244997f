import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { AuditDamagedError } from "../errors.ts";
import { treeFrom } from "../merkle/growing-tree.ts";
import { HASH_BYTES, leafHash } from "../merkle/hash.ts";
import { consistencyPath, inclusionPath } from "../merkle/prove.ts";
import { subtreeHash } from "../merkle/subtree.ts";
import {
  type AuditEntry,
  ENTRY_BYTES,
  isEntry,
  LEAF_OFFSET,
  META_BYTES,
  readEntry,
} from "./entry.ts";
import { LevelReader } from "./level-files.ts";
import { type AuditSource, parseSources, SOURCES_FILE } from "./sources.ts";

export const ENTRIES_FILE = "entries";
/** Entries whose parts before the leaf hash are one leaf of the entries tree. */
export const BLOCK_ENTRIES = 256;

/** Root of the tree of rows and root of the tree of entries. */
export interface Roots {
  readonly root: Buffer;
  readonly entriesRoot: Buffer;
}

/** Reads the log from its files: no lock, nothing written, no step that grows with history. */
export class AuditReader {
  readonly directory: string;
  readonly #entries: number;
  readonly #levels: LevelReader;
  readonly #blocks: LevelReader;

  /** @throws the error of the file system when there is no log. */
  constructor(directory: string) {
    this.directory = directory;
    this.#entries = openSync(join(directory, ENTRIES_FILE), "r");
    this.#levels = new LevelReader(directory, "level");
    this.#blocks = new LevelReader(directory, "block");
  }

  /** Whole entries in the file now; behind the last head there may be torn ones. */
  get size(): number {
    return Math.floor(fstatSync(this.#entries).size / ENTRY_BYTES);
  }

  /** Reads entries as they are, `count` of them or fewer at the end of the file. */
  readRaw(first: number, count: number): Buffer {
    const buffer = Buffer.alloc(count * ENTRY_BYTES);
    const bytes = readSync(this.#entries, buffer, 0, buffer.length, first * ENTRY_BYTES);
    return buffer.subarray(0, bytes - (bytes % ENTRY_BYTES));
  }

  /** @throws AuditDamagedError */
  entryAt(index: number): AuditEntry {
    const buffer = this.readRaw(index, 1);
    if (buffer.length === ENTRY_BYTES && isEntry(buffer, 0)) return readEntry(buffer, 0);
    throw new AuditDamagedError(`leaf ${index} is not an entry`);
  }

  sources(): ReadonlyMap<string, AuditSource> {
    return parseSources(readFileSync(join(this.directory, SOURCES_FILE), "utf8")).byRef;
  }

  readonly nodeAt = (level: number, index: number): Buffer => {
    if (level > 0) return this.#levels.nodeAt(level, index);
    const buffer = this.readRaw(index, 1);
    if (buffer.length < ENTRY_BYTES) throw new AuditDamagedError(`there is no leaf ${index}`);
    return buffer.subarray(LEAF_OFFSET, LEAF_OFFSET + HASH_BYTES);
  };

  /** Node of the tree of entries, whose leaves are whole blocks. */
  readonly blockAt = (level: number, index: number): Buffer => this.#blocks.nodeAt(level, index);

  roots(size: number): Roots {
    return { root: subtreeHash(0, size, this.nodeAt), entriesRoot: this.#entriesRoot(size) };
  }

  inclusionPath(index: number, size: number): Buffer[] {
    return inclusionPath(index, size, this.nodeAt);
  }

  consistencyPath(first: number, second: number): Buffer[] {
    return consistencyPath(first, second, this.nodeAt);
  }

  close(): void {
    closeSync(this.#entries);
    this.#levels.close();
    this.#blocks.close();
  }

  #entriesRoot(size: number): Buffer {
    const whole = Math.floor(size / BLOCK_ENTRIES);
    const rest = size % BLOCK_ENTRIES;
    const tree = treeFrom(whole, this.blockAt);
    if (rest > 0) {
      const last = blockHash(this.readRaw(whole * BLOCK_ENTRIES, rest), rest);
      tree.push(last, 0, () => undefined);
    }
    return tree.root();
  }
}

/** Hash of the first `count` entries of the buffer as one leaf of the entries tree. */
export function blockHash(entries: Buffer, count: number): Buffer {
  const metas = Buffer.alloc(count * META_BYTES);
  for (let index = 0; index < count; index += 1) {
    const start = index * ENTRY_BYTES;
    entries.copy(metas, index * META_BYTES, start, start + META_BYTES);
  }
  return leafHash(metas);
}

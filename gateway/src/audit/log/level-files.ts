import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { type FileHandle, open, truncate } from "node:fs/promises";
import { join } from "node:path";
import { AuditDamagedError } from "../errors.ts";
import { HASH_BYTES } from "../merkle/hash.ts";

/** `level-07`: the hashes of all complete subtrees of 2^7 leaves, 32 bytes each, in order. */
export function levelFileName(prefix: LevelPrefix, level: number): string {
  return `${prefix}-${String(level).padStart(2, "0")}`;
}

/** `level` for the tree of rows, `block` for the tree of entries. */
export type LevelPrefix = "level" | "block";

/** Reads single nodes, each in one small read of the file of its level. */
export class LevelReader {
  readonly #directory: string;
  readonly #prefix: LevelPrefix;
  readonly #files = new Map<number, number>();

  constructor(directory: string, prefix: LevelPrefix) {
    this.#directory = directory;
    this.#prefix = prefix;
  }

  /** @throws AuditDamagedError when the file does not reach so far. */
  nodeAt(level: number, index: number): Buffer {
    const name = levelFileName(this.#prefix, level);
    const node = Buffer.alloc(HASH_BYTES);
    const file = this.#open(level, name);
    const bytes = file === null ? 0 : readSync(file, node, 0, HASH_BYTES, index * HASH_BYTES);
    if (bytes === HASH_BYTES) return node;
    throw new AuditDamagedError(`${name} has no node ${index}`);
  }

  close(): void {
    for (const file of this.#files.values()) closeSync(file);
    this.#files.clear();
  }

  #open(level: number, name: string): number | null {
    const known = this.#files.get(level);
    if (known !== undefined) return known;
    const path = join(this.#directory, name);
    if (!existsSync(path)) return null;
    const file = openSync(path, "r");
    this.#files.set(level, file);
    return file;
  }
}

/** Writes nodes, without making them durable until told to: they follow from the entries. */
export class LevelWriter {
  readonly #directory: string;
  readonly #prefix: LevelPrefix;
  readonly #files = new Map<number, FileHandle>();

  constructor(directory: string, prefix: LevelPrefix) {
    this.#directory = directory;
    this.#prefix = prefix;
  }

  async write({ nodes }: NewNodes): Promise<void> {
    for (const [level, { first, chunks }] of nodes) {
      const file = await this.#open(level);
      const bytes = Buffer.concat(chunks);
      await file.write(bytes, 0, bytes.length, first * HASH_BYTES);
    }
  }

  /** Cuts off the nodes that a tree of `size` leaves has not; files that are not there stay so. */
  async cut(size: number): Promise<void> {
    for (let level = 0; level < MAX_LEVELS; level += 1) {
      const path = join(this.#directory, levelFileName(this.#prefix, level));
      if (existsSync(path)) await truncate(path, Math.floor(size / 2 ** level) * HASH_BYTES);
    }
  }

  async sync(): Promise<void> {
    for (const file of this.#files.values()) await file.datasync();
  }

  async close(): Promise<void> {
    for (const file of this.#files.values()) await file.close();
    this.#files.clear();
  }

  async #open(level: number): Promise<FileHandle> {
    const known = this.#files.get(level);
    if (known !== undefined) return known;
    const path = join(this.#directory, levelFileName(this.#prefix, level));
    const file = await open(path, existsSync(path) ? "r+" : "wx+", 0o600);
    this.#files.set(level, file);
    return file;
  }
}

export const MAX_LEVELS = 53;
const CHUNK_BYTES = 1024 * HASH_BYTES;

/** Nodes that a batch has completed, until they are written. */
export class NewNodes {
  readonly nodes = new Map<number, { first: number; chunks: Buffer[]; room: number }>();

  add(level: number, index: number, node: Buffer): void {
    let run = this.nodes.get(level);
    if (run === undefined) {
      run = { first: index, chunks: [], room: 0 };
      this.nodes.set(level, run);
    }
    if (run.room === 0) {
      run.chunks.push(Buffer.alloc(CHUNK_BYTES));
      run.room = CHUNK_BYTES;
    }
    const chunk = run.chunks.at(-1);
    if (chunk !== undefined) node.copy(chunk, CHUNK_BYTES - run.room);
    run.room -= HASH_BYTES;
  }

  /** Drops the unused end of the last chunks. */
  seal(): this {
    for (const run of this.nodes.values()) {
      const last = run.chunks.pop();
      if (last !== undefined) run.chunks.push(last.subarray(0, CHUNK_BYTES - run.room));
      run.room = 0;
    }
    return this;
  }
}

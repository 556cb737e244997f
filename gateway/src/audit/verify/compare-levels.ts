import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import type { NodeSink } from "../log/edge.ts";
import { levelFileName, type LevelPrefix, MAX_LEVELS } from "../log/level-files.ts";
import { HASH_BYTES } from "../merkle/hash.ts";

/** A stored node that is not what the leaves give, or is not there. */
export interface WrongNode {
  readonly level: number;
  readonly index: number;
  readonly isMissing: boolean;
}

interface OpenLevel {
  readonly file: number | null;
  readonly buffer: Buffer;
  /** The nodes in the buffer. */
  first: number;
  count: number;
}

const BUFFER_NODES = 2_048;
const MAX_WRONG = 10_000;

/** Compares nodes, as they are computed, with those on the disk. Every file is read once, in order. */
export class LevelComparer implements NodeSink {
  readonly wrong: WrongNode[] = [];
  wrongCount = 0;
  readonly #directory: string;
  readonly #prefix: LevelPrefix;
  readonly #lowest: number;
  readonly #levels = new Map<number, OpenLevel>();

  /** @param lowest lower levels have no file. */
  constructor(directory: string, prefix: LevelPrefix, lowest: number) {
    this.#directory = directory;
    this.#prefix = prefix;
    this.#lowest = lowest;
  }

  add(level: number, index: number, node: Buffer): void {
    if (level < this.#lowest) return;
    const open = this.#levels.get(level) ?? this.#open(level);
    if (index < open.first || index >= open.first + open.count) this.#fill(open, index);
    const isMissing = open.count === 0;
    const start = (index - open.first) * HASH_BYTES;
    if (!isMissing && node.compare(open.buffer, start, start + HASH_BYTES) === 0) return;
    this.wrongCount += 1;
    if (this.wrong.length < MAX_WRONG) this.wrong.push({ level, index, isMissing });
  }

  /** Files that go on behind the nodes of a tree of `size` leaves, and where they should end. */
  tooLong(size: number): { file: string; offset: number }[] {
    const found: { file: string; offset: number }[] = [];
    for (let level = this.#lowest; level < MAX_LEVELS; level += 1) {
      const path = join(this.#directory, levelFileName(this.#prefix, level));
      if (!existsSync(path)) continue;
      const offset = Math.floor(size / 2 ** level) * HASH_BYTES;
      const { file } = this.#levels.get(level) ?? this.#open(level);
      if (file !== null && fstatSync(file).size > offset)
        found.push({ file: levelFileName(this.#prefix, level), offset });
    }
    return found;
  }

  close(): void {
    for (const { file } of this.#levels.values()) if (file !== null) closeSync(file);
    this.#levels.clear();
  }

  #open(level: number): OpenLevel {
    const path = join(this.#directory, levelFileName(this.#prefix, level));
    const file = existsSync(path) ? openSync(path, "r") : null;
    const open = { file, buffer: Buffer.alloc(BUFFER_NODES * HASH_BYTES), first: 0, count: 0 };
    this.#levels.set(level, open);
    return open;
  }

  #fill(open: OpenLevel, index: number): void {
    open.first = index;
    const { file, buffer } = open;
    const bytes = file === null ? 0 : readSync(file, buffer, 0, buffer.length, index * HASH_BYTES);
    open.count = Math.floor(bytes / HASH_BYTES);
  }
}

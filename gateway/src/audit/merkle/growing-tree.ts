import { emptyRoot, HASH_BYTES, nodeHash, writeHash } from "./hash.ts";
import type { NodeAt } from "./subtree.ts";

const MAX_LEVELS = 53;
const LEFT = 1;
const RIGHT = LEFT + HASH_BYTES;

/** Told of each complete subtree, as it comes to be; the hash is valid during the call alone. */
export type OnNode = (level: number, index: number, hash: Buffer) => void;

/** A tree that grows by leaves and keeps but the hashes on its right edge. */
export class GrowingTree {
  #size: number;
  // Row `level` holds the complete subtree of that level which has no right neighbour yet.
  readonly #edge: Buffer;
  readonly #pair: Buffer;
  readonly #left: Buffer;
  readonly #right: Buffer;

  /** `edge` of another tree of that size, or of none. */
  constructor(size = 0, edge: Buffer = Buffer.alloc(MAX_LEVELS * HASH_BYTES)) {
    this.#size = size;
    this.#edge = Buffer.from(edge);
    this.#pair = Buffer.alloc(RIGHT + HASH_BYTES, 1);
    this.#left = this.#pair.subarray(LEFT, RIGHT);
    this.#right = this.#pair.subarray(RIGHT);
  }

  get size(): number {
    return this.#size;
  }

  /** One that grows on by itself. */
  copy(): GrowingTree {
    return new GrowingTree(this.#size, this.#edge);
  }

  /** Puts the hash of the complete subtree that ends the tree at `level` in place; for opening. */
  setEdge(level: number, node: Buffer): void {
    node.copy(this.#edge, level * HASH_BYTES, 0, HASH_BYTES);
  }

  /** Appends the leaf whose hash stands at `offset` of `source`. */
  push(source: Buffer, offset: number, onNode: OnNode): void {
    source.copy(this.#right, 0, offset, offset + HASH_BYTES);
    let level = 0;
    let index = this.#size;
    onNode(level, index, this.#right);
    while (index % 2 === 1) {
      this.#edge.copy(this.#left, 0, level * HASH_BYTES, (level + 1) * HASH_BYTES);
      writeHash(this.#pair, this.#right, 0);
      level += 1;
      index = (index - 1) / 2;
      onNode(level, index, this.#right);
    }
    this.#right.copy(this.#edge, level * HASH_BYTES);
    this.#size += 1;
  }

  root(): Buffer {
    let root: Buffer | undefined;
    for (let level = 0, rest = this.#size; rest > 0; level += 1, rest = Math.floor(rest / 2)) {
      if (rest % 2 === 0) continue;
      const left = this.#edge.subarray(level * HASH_BYTES, (level + 1) * HASH_BYTES);
      root = root === undefined ? Buffer.from(left) : nodeHash(left, root);
    }
    return root ?? emptyRoot;
  }
}

/** A tree of `size` leaves from the hashes of its complete subtrees. */
export function treeFrom(size: number, nodeAt: NodeAt): GrowingTree {
  const tree = new GrowingTree(size);
  for (let level = 0, rest = size; rest > 0; level += 1, rest = Math.floor(rest / 2))
    if (rest % 2 === 1) tree.setEdge(level, nodeAt(level, rest - 1));
  return tree;
}

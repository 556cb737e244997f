import type { GrowingTree } from "../merkle/growing-tree.ts";
import { HASH_BYTES, writeHash } from "../merkle/hash.ts";
import { LEAF_OFFSET, META_BYTES } from "./entry.ts";
import { BLOCK_ENTRIES } from "./audit-reader.ts";
import { NewNodes } from "./level-files.ts";

/** Both trees at their right edge, and the entries of the block that is not whole yet. */
export interface Edge {
  readonly rows: GrowingTree;
  readonly blocks: GrowingTree;
  /** `0x00` and the parts before the leaf hash of the entries of the unfinished block. */
  readonly block: Buffer;
}

/** Told of the nodes that a leaf completes; the hash is valid during the call alone. */
export interface NodeSink {
  add(level: number, index: number, node: Buffer): void;
}

/** Nodes that appending has completed, by tree. */
export interface EdgeNodes<Sink extends NodeSink = NewNodes> {
  readonly rows: Sink;
  readonly blocks: Sink;
}

const BLOCK_PREFIX = 1;

/** The edge of a log of whole blocks. */
export function edgeFrom(rows: GrowingTree, blocks: GrowingTree): Edge {
  return { rows, blocks, block: Buffer.alloc(BLOCK_PREFIX + BLOCK_ENTRIES * META_BYTES) };
}

export function copyEdge({ rows, blocks, block }: Edge): Edge {
  return { rows: rows.copy(), blocks: blocks.copy(), block: Buffer.from(block) };
}

export function newEdgeNodes(): EdgeNodes {
  return { rows: new NewNodes(), blocks: new NewNodes() };
}

/** Grows the trees by the sealed entry at `offset`. */
export function growEdge(
  edge: Edge,
  entries: Buffer,
  offset: number,
  nodes: EdgeNodes<NodeSink>,
): void {
  const at = edge.rows.size % BLOCK_ENTRIES;
  entries.copy(edge.block, BLOCK_PREFIX + at * META_BYTES, offset, offset + META_BYTES);
  edge.rows.push(entries, offset + LEAF_OFFSET, (level, index, node) => {
    if (level > 0) nodes.rows.add(level, index, node);
  });
  if (at + 1 < BLOCK_ENTRIES) return;
  writeHash(edge.block, scratch, 0);
  edge.blocks.push(scratch, 0, (level, index, node) => nodes.blocks.add(level, index, node));
}

/** Root of the tree of entries, whose last block need not be whole. */
export function entriesRootOf({ rows, blocks, block }: Edge): Buffer {
  const rest = rows.size % BLOCK_ENTRIES;
  if (rest === 0) return blocks.root();
  const tree = blocks.copy();
  writeHash(block.subarray(0, BLOCK_PREFIX + rest * META_BYTES), scratch, 0);
  tree.push(scratch, 0, () => undefined);
  return tree.root();
}

const scratch = Buffer.alloc(HASH_BYTES);

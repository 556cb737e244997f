import { emptyRoot, nodeHash } from "./hash.ts";

/** The hash of the complete subtree of `2 ** level` leaves that starts at leaf `index * 2 ** level`. */
export type NodeAt = (level: number, index: number) => Buffer;

/** The largest power of two that is less than `count`, which is 2 or more. */
export function splitOf(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

/**
 * Merkle tree hash of the leaves `start` … `end - 1`, from the hashes of complete subtrees.
 * `start` must be a multiple of a power of two that is at least `end - start`, as it is for every
 * subtree of RFC 9162 §2.1.
 */
export function subtreeHash(start: number, end: number, nodeAt: NodeAt): Buffer {
  if (start === end) return emptyRoot;
  const parts: Buffer[] = [];
  for (let from = start; from < end;) {
    let level = 0;
    for (let width = 2; from % width === 0 && from + width <= end; width *= 2) level += 1;
    const width = 2 ** level;
    parts.push(nodeAt(level, from / width));
    from += width;
  }
  return parts.reduceRight((right, left) => nodeHash(left, right));
}

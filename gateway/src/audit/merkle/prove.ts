import { type NodeAt, splitOf, subtreeHash } from "./subtree.ts";

/**
 * The inclusion path of leaf `index` in the tree of the first `size` leaves (RFC 9162 §2.1.3.1).
 * @throws RangeError when the tree does not have that leaf.
 */
export function inclusionPath(index: number, size: number, nodeAt: NodeAt): Buffer[] {
  if (!(index >= 0 && index < size)) throw new RangeError(`leaf ${index} of ${size}`);
  const path: Buffer[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      path.push(subtreeHash(middle, end, nodeAt));
      end = middle;
    } else {
      path.push(subtreeHash(start, middle, nodeAt));
      start = middle;
    }
  }
  return path.toReversed();
}

/**
 * The path that proves the tree of `first` leaves to be the beginning of the tree of `second`
 * leaves (RFC 9162 §2.1.4.1). Empty for `first` = 0, with which everything is consistent.
 * @throws RangeError when the first tree is the larger.
 */
export function consistencyPath(first: number, second: number, nodeAt: NodeAt): Buffer[] {
  if (!(first >= 0 && first <= second)) throw new RangeError(`size ${first} of ${second}`);
  if (first === 0) return [];
  const path: Buffer[] = [];
  let start = 0;
  let end = second;
  while (end > first) {
    const middle = start + splitOf(end - start);
    if (first <= middle) {
      path.push(subtreeHash(middle, end, nodeAt));
      end = middle;
    } else {
      path.push(subtreeHash(start, middle, nodeAt));
      start = middle;
    }
  }
  // The whole first tree is a hash that the verifier has already.
  if (start > 0) path.push(subtreeHash(start, end, nodeAt));
  return path.toReversed();
}

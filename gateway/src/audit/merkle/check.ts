import { emptyRoot, HASH_BYTES, nodeHash } from "./hash.ts";

export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Buffer;
  readonly path: readonly Buffer[];
  readonly root: Buffer;
}

/** Whether the path proves the leaf to be in the tree of that root (RFC 9162 §2.1.3.2). */
export function isIncluded({ index, size, leafHash, path, root }: InclusionClaim): boolean {
  if (!isCount(index) || !isCount(size) || index >= size) return false;
  if (![leafHash, root, ...path].every(isHash)) return false;
  let first = index;
  let last = size - 1;
  let hash = leafHash;
  for (const sibling of path) {
    if (last === 0) return false;
    if (isOdd(first) || first === last) {
      hash = nodeHash(sibling, hash);
      while (!isOdd(first) && first !== 0) [first, last] = [half(first), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [first, last] = [half(first), half(last)];
  }
  return last === 0 && hash.equals(root);
}

export interface ConsistencyClaim {
  readonly first: number;
  readonly second: number;
  readonly firstRoot: Buffer;
  readonly secondRoot: Buffer;
  readonly path: readonly Buffer[];
}

/** Whether the path proves the second tree to go on from the first (RFC 9162 §2.1.4.2). */
export function isConsistent(claim: ConsistencyClaim): boolean {
  const { first, second, firstRoot, secondRoot, path } = claim;
  if (!isCount(first) || !isCount(second) || first > second) return false;
  if (![firstRoot, secondRoot, ...path].every(isHash)) return false;
  if (first === second) return path.length === 0 && firstRoot.equals(secondRoot);
  if (first === 0) return path.length === 0 && firstRoot.equals(emptyRoot);
  const [known, ...rest] = isPowerOfTwo(first) ? [firstRoot, ...path] : path;
  if (known === undefined) return false;
  let [left, last] = [first - 1, second - 1];
  while (isOdd(left)) [left, last] = [half(left), half(last)];
  let [oldHash, newHash] = [known, known];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (isOdd(left) || left === last) {
      oldHash = nodeHash(sibling, oldHash);
      newHash = nodeHash(sibling, newHash);
      while (!isOdd(left) && left !== 0) [left, last] = [half(left), half(last)];
    } else {
      newHash = nodeHash(newHash, sibling);
    }
    [left, last] = [half(left), half(last)];
  }
  return last === 0 && oldHash.equals(firstRoot) && newHash.equals(secondRoot);
}

// Sizes may exceed 32 bits, in which the bit operators would cut them off.
function isOdd(count: number): boolean {
  return count % 2 === 1;
}

function half(count: number): number {
  return Math.floor(count / 2);
}

function isPowerOfTwo(count: number): boolean {
  return Number.isInteger(Math.log2(count)) && 2 ** Math.log2(count) === count;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isHash(value: Buffer): boolean {
  return value.length === HASH_BYTES;
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isConsistent, isIncluded } from "./check.ts";
import { GrowingTree } from "./growing-tree.ts";
import { emptyRoot, leafHash, nodeHash } from "./hash.ts";
import { consistencyPath, inclusionPath } from "./prove.ts";
import { type NodeAt, subtreeHash } from "./subtree.ts";

// RFC 9162 §2.1 word for word, recursive and slow: what the rest is held against.
function rootOf(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return emptyRoot;
  if (leaves.length === 1) return only;
  const k = largestPowerBelow(leaves.length);
  return nodeHash(rootOf(leaves.slice(0, k)), rootOf(leaves.slice(k)));
}

function pathOf(m: number, leaves: readonly Buffer[]): Buffer[] {
  if (leaves.length === 1) return [];
  const k = largestPowerBelow(leaves.length);
  return m < k
    ? [...pathOf(m, leaves.slice(0, k)), rootOf(leaves.slice(k))]
    : [...pathOf(m - k, leaves.slice(k)), rootOf(leaves.slice(0, k))];
}

function subproof(m: number, leaves: readonly Buffer[], isWhole: boolean): Buffer[] {
  if (m === leaves.length) return isWhole ? [] : [rootOf(leaves)];
  const k = largestPowerBelow(leaves.length);
  return m <= k
    ? [...subproof(m, leaves.slice(0, k), isWhole), rootOf(leaves.slice(k))]
    : [...subproof(m - k, leaves.slice(k), false), rootOf(leaves.slice(0, k))];
}

function largestPowerBelow(count: number): number {
  return 2 ** (Math.ceil(Math.log2(count)) - 1);
}

function nodesOf(leaves: readonly Buffer[]): NodeAt {
  return (level, index) => rootOf(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));
}

const hex = (hashes: readonly Buffer[]) => hashes.map((each) => each.toString("hex"));
const leavesOf = (count: number) =>
  Array.from({ length: count }, (_, index) => leafHash(Buffer.from(`leaf ${index}`)));

describe("the known answers of Certificate Transparency's eight leaves", () => {
  const inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"];
  const leaves = [...inputs, "606162636465666768696a6b6c6d6e6f"].map((text) =>
    leafHash(Buffer.from(text, "hex")),
  );
  const nodeAt = nodesOf(leaves);

  test.each([
    [0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    [1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"],
    [2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    [3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"],
    [4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
    [5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"],
    [6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"],
    [7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"],
    [8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"],
  ])("the root of %i", (size, root) => {
    expect(subtreeHash(0, size, nodeAt).toString("hex")).toBe(root);
  });

  test("leaf and node of RFC 6962's own hasher", () => {
    expect(leafHash(Buffer.from("L123456")).toString("hex")).toBe(
      "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56",
    );
    expect(nodeHash(Buffer.from("N123"), Buffer.from("N456")).toString("hex")).toBe(
      "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb",
    );
  });

  const h96 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
  const h5f = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
  const h6b = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";
  const hbc = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
  const hca = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
  const hd3 = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7";
  const h0e = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";
  const h6e = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
  const hfa = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125";

  test.each([
    [0, 1, []],
    [0, 8, [h96, h5f, h6b]],
    [5, 8, [hbc, hca, hd3]],
    [2, 3, [hfa]],
    [1, 5, [h6e, h5f, hbc]],
  ])("the inclusion path of leaf %i of %i", (index, size, path) => {
    expect(hex(inclusionPath(index, size, nodeAt))).toEqual(path);
  });

  test.each([
    [1, 1, []],
    [1, 8, [h96, h5f, h6b]],
    [6, 8, [h0e, hca, hd3]],
    [2, 5, [h5f, hbc]],
  ])("the consistency path of %i and %i", (first, second, path) => {
    expect(hex(consistencyPath(first, second, nodeAt))).toEqual(path);
  });
});

describe("every proof", () => {
  const sizes = fc.integer({ min: 1, max: 130 });
  const pair = fc.tuple(sizes, fc.nat()).map(([size, any]) => [any % size, size] as const);

  test("of inclusion is that of the RFC's recursion, and holds", () => {
    fc.assert(
      fc.property(pair, ([index, size]) => {
        const leaves = leavesOf(size);
        const path = inclusionPath(index, size, nodesOf(leaves));
        expect(hex(path)).toEqual(hex(pathOf(index, leaves)));
        const leaf = leaves[index] ?? emptyRoot;
        const root = rootOf(leaves);
        expect(isIncluded({ index, size, leafHash: leaf, path, root })).toBe(true);
      }),
    );
  });

  test("of consistency is that of the RFC's recursion, and holds", () => {
    fc.assert(
      fc.property(pair, ([before, second]) => {
        const first = before + 1;
        const leaves = leavesOf(second);
        const path = consistencyPath(first, second, nodesOf(leaves));
        expect(hex(path)).toEqual(hex(subproof(first, leaves, true)));
        const firstRoot = rootOf(leaves.slice(0, first));
        const secondRoot = rootOf(leaves);
        expect(isConsistent({ first, second, firstRoot, secondRoot, path })).toBe(true);
      }),
    );
  });

  test("fails when anything of it is changed, cut off or added", () => {
    fc.assert(
      fc.property(pair, fc.nat(), ([index, size], at) => {
        const leaves = leavesOf(size);
        const nodeAt = nodesOf(leaves);
        const claim = {
          index,
          size,
          leafHash: leaves[index] ?? emptyRoot,
          path: inclusionPath(index, size, nodeAt),
          root: rootOf(leaves),
        };
        for (const path of spoilt(claim.path, at))
          expect(isIncluded({ ...claim, path })).toBe(false);
        expect(isIncluded({ ...claim, root: flip(claim.root, at) })).toBe(false);
        expect(isIncluded({ ...claim, leafHash: flip(claim.leafHash, at) })).toBe(false);
        expect(isIncluded({ ...claim, index: size })).toBe(false);
        const first = index + 1;
        const roots = { firstRoot: rootOf(leaves.slice(0, first)), secondRoot: claim.root };
        const consistency = { first, second: size, path: consistencyPath(first, size, nodeAt) };
        for (const path of spoilt(consistency.path, at))
          expect(isConsistent({ ...consistency, ...roots, path })).toBe(false);
        const firstRoot = flip(roots.firstRoot, at);
        expect(isConsistent({ ...consistency, ...roots, firstRoot })).toBe(false);
        const secondRoot = flip(roots.secondRoot, at);
        expect(isConsistent({ ...consistency, ...roots, secondRoot })).toBe(false);
      }),
    );
  });

  test("of a leaf that is another one's fails at another index", () => {
    const leaves = leavesOf(21);
    const nodeAt = nodesOf(leaves);
    const root = rootOf(leaves);
    for (let index = 0; index < 21; index += 1) {
      for (let other = 0; other < 21; other += 1) {
        if (index === other) continue;
        const claim = { index: other, size: 21, leafHash: leaves[index] ?? emptyRoot, root };
        expect(isIncluded({ ...claim, path: inclusionPath(index, 21, nodeAt) })).toBe(false);
      }
    }
  });

  test("of a leaf that the tree has not is refused", () => {
    expect(() => inclusionPath(3, 3, nodesOf(leavesOf(3)))).toThrow(RangeError);
    expect(() => consistencyPath(4, 3, nodesOf(leavesOf(3)))).toThrow(RangeError);
  });
});

function flip(hash: Buffer, at: number): Buffer {
  const changed = Buffer.from(hash);
  changed.writeUInt8(changed.readUInt8(at % 32) ^ 8, at % 32);
  return changed;
}

function spoilt(path: readonly Buffer[], at: number): Buffer[][] {
  const extra = leafHash(Buffer.from("extra"));
  const changed = path.length === 0 ? [] : [path.with(at % path.length, flip(extra, at))];
  const cut = path.length === 0 ? [] : [path.slice(1), path.slice(0, -1)];
  return [...changed, ...cut, [...path, extra], [extra, ...path], [...path, Buffer.alloc(0)]];
}

test("a growing tree has the root of the RFC's recursion at every size, and every node", () => {
  const leaves = leavesOf(130);
  const nodeAt = nodesOf(leaves);
  const tree = new GrowingTree();
  let nodes = 0;
  for (const [index, leaf] of leaves.entries()) {
    expect(tree.root()).toEqual(rootOf(leaves.slice(0, index)));
    tree.push(leaf, 0, (level, at, hash) => {
      nodes += 1;
      expect(hash).toEqual(nodeAt(level, at));
    });
  }
  expect(tree.root()).toEqual(rootOf(leaves));
  expect(nodes).toBe(130 + 65 + 32 + 16 + 8 + 4 + 2 + 1);
});

test("sizes beyond 32 bits are handled", () => {
  const size = 2 ** 40 + 3;
  const nodeAt: NodeAt = (level, index) => leafHash(Buffer.from(`${level}/${index}`));
  const parents: NodeAt = (level, index) =>
    level > 38 && index * 2 ** level < size
      ? nodeHash(parents(level - 1, index * 2), parents(level - 1, index * 2 + 1))
      : nodeAt(level, index);
  const path = consistencyPath(2 ** 40, size, parents);
  const claim = { first: 2 ** 40, second: size, firstRoot: parents(40, 0), path };
  expect(isConsistent({ ...claim, secondRoot: subtreeHash(0, size, parents) })).toBe(true);
  const inclusion = { index: size - 1, size, root: subtreeHash(0, size, parents) };
  const leaf = { leafHash: nodeAt(0, size - 1), path: inclusionPath(size - 1, size, parents) };
  expect(isIncluded({ ...inclusion, ...leaf })).toBe(true);
});

import type { AuditReader } from "../log/audit-reader.ts";
import { BLOCK_ENTRIES } from "../log/audit-reader.ts";
import { levelFileName, type LevelPrefix } from "../log/level-files.ts";
import type { AuditSource } from "../log/sources.ts";
import { HASH_BYTES, nodeHash } from "../merkle/hash.ts";
import type { WrongNode } from "./compare-levels.ts";
import { describeLeaf, leafText } from "./describe-leaf.ts";
import type { Finding } from "./finding.ts";

export interface WrongNodes {
  readonly rows: readonly WrongNode[];
  readonly blocks: readonly WrongNode[];
  /** Whether a head has another root of the rows than the leaves give. */
  readonly isRootWrong: boolean;
  readonly isEntriesRootWrong: boolean;
  /** Leaves of which it is known already that they were changed. */
  readonly named: ReadonlySet<number>;
  readonly size: number;
}

interface Explained {
  readonly reader: AuditReader;
  readonly sources: ReadonlyMap<string, AuditSource>;
  readonly report: (finding: Finding) => void;
}

const MAX_SHIFT = 16;

/** Tells from the nodes that are wrong what was changed: leaves, or the level files alone. */
export function explainNodes(wrong: WrongNodes, explained: Explained): void {
  if (wrong.isRootWrong) explainLeaves(wrong, explained);
  else reportNodes("level", wrong.rows, explained);
  if (wrong.isEntriesRootWrong) explainBlocks(wrong, explained);
  else reportNodes("block", wrong.blocks, explained);
}

function reportNodes(prefix: LevelPrefix, nodes: readonly WrongNode[], { report }: Explained) {
  for (const { level, index, isMissing } of nodes) {
    const file = levelFileName(prefix, level);
    const offset = index * HASH_BYTES;
    const what = isMissing ? "is missing" : "is not what the leaves give";
    const message = `Node ${index} of ${file} (byte ${offset}) ${what}`;
    report({ kind: "level-changed", message, file, offset });
  }
}

function explainLeaves(wrong: WrongNodes, explained: Explained): void {
  const { reader, sources, report } = explained;
  const pairs = wrong.rows.filter(({ level, isMissing }) => level === 1 && !isMissing);
  const [first] = pairs;
  if (first === undefined) return;
  const shift = pairs.length < 3 ? 0 : shiftOf(reader, first.index, wrong.size);
  if (shift !== 0) {
    const name = describeLeaf(reader, sources, first.index * 2);
    const many = Math.abs(shift) === 1 ? "An entry was" : `${Math.abs(shift)} entries were`;
    const [kind, done] =
      shift > 0 ? (["entry-removed", "removed"] as const) : (["entry-inserted", "added"] as const);
    report({ kind, message: `${many} ${done} at or next to ${leafText(name)}`, ...name });
    return;
  }
  for (const { index } of pairs) {
    const leaves = [index * 2, index * 2 + 1];
    if (leaves.some((leaf) => wrong.named.has(leaf))) continue;
    const names = leaves.map((leaf) => describeLeaf(reader, sources, leaf));
    const [left, right] = names;
    if (left === undefined || right === undefined) continue;
    const message = `The leaf hash was changed of ${leafText(left)} or ${leafText(right)}`;
    report({ kind: "leaf-changed", message, ...left });
  }
}

/** By how many places the leaves behind a pair have moved up (removed) or down (added); 0 = neither. */
function shiftOf(reader: AuditReader, pair: number, size: number): number {
  const probes = [1, 2, 3].map((step) => pair + MAX_SHIFT + step);
  const fits = (shift: number): boolean =>
    probes.every((probe) => {
      const left = probe * 2 - shift;
      if (left < 0 || left + 1 >= size) return false;
      try {
        const hash = nodeHash(reader.nodeAt(0, left), reader.nodeAt(0, left + 1));
        return hash.equals(reader.nodeAt(1, probe));
      } catch {
        return false;
      }
    });
  for (let shift = 1; shift <= MAX_SHIFT; shift += 1) {
    if (fits(shift)) return shift;
    if (fits(-shift)) return -shift;
  }
  return 0;
}

function explainBlocks(wrong: WrongNodes, { report }: Explained): void {
  // Whether entries were changed or moved has been said of the leaves.
  const hasNamed = (block: number): boolean =>
    [...wrong.named].some((leaf) => Math.floor(leaf / BLOCK_ENTRIES) === block);
  for (const { level, index, isMissing } of wrong.blocks) {
    if (level > 0 || isMissing || hasNamed(index)) continue;
    const leaf = index * BLOCK_ENTRIES;
    const last = Math.min(leaf + BLOCK_ENTRIES, wrong.size) - 1;
    const message = `What the entries of leaves ${leaf} to ${last} say of their rows was changed`;
    report({ kind: "entry-changed", message, leaf });
  }
}

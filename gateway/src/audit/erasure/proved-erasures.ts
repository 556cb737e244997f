import { sourceRef } from "../log/sources.ts";
import { ERASE_ACTION, type ReadErasure } from "./record-erased.ts";

/** Columns of a line of admin_log, after the three of its position: id, time, actor, action, … */
const ACTION_COLUMN = 6;

/** Finds out which claimed erasures a row says that has a leaf of its own. */
export class ProvedErasures {
  readonly #claims: readonly ReadErasure[];
  /** By digest: the leaf that holds it. */
  readonly #said = new Map<string, number>();

  constructor(claims: readonly ReadErasure[]) {
    this.#claims = claims;
  }

  /** Takes a row of admin_log whose hash is that of its leaf. */
  take(line: Buffer, leaf: number): void {
    if (this.#claims.length === 0 || !line.includes(ERASE_ACTION)) return;
    const fields = line.toString("utf8").split("\t");
    if (fields[ACTION_COLUMN] !== ERASE_ACTION) return;
    const said = fields.slice(ACTION_COLUMN + 1).join(" ");
    for (const [digest] of said.matchAll(/\b[0-9a-f]{64}\b/g)) this.#said.set(digest, leaf);
  }

  /** Claims that no leaf says, or that cannot be read. */
  unproved(): ReadErasure[] {
    return this.#claims.filter(
      ({ digest, erasure }) => erasure === null || !this.#said.has(digest),
    );
  }

  /** Whether a leaf after this one says that this one's row was erased. */
  covers(): (source: string, sequence: number, leaf: number) => boolean {
    const runs = new Map<string, { first: number; last: number; before: number }[]>();
    for (const { digest, erasure } of this.#claims) {
      const before = this.#said.get(digest);
      if (before === undefined || erasure === null) continue;
      for (const { spoolId, epoch, sequences } of erasure.erased) {
        const ref = sourceRef({ spoolId, epoch });
        const list = runs.get(ref) ?? [];
        for (const [first, last] of sequences) list.push({ first, last, before });
        runs.set(ref, list);
      }
    }
    return (source, sequence, leaf) =>
      runs
        .get(source)
        ?.some(
          ({ first, last, before }) => sequence >= first && sequence <= last && leaf < before,
        ) === true;
  }
}

/** What was done to the log or to a row, by what shows it. */
export type FindingKind =
  | "entry-changed"
  | "entry-removed"
  | "entry-inserted"
  | "entry-order"
  | "leaf-changed"
  | "level-changed"
  | "log-truncated"
  | "source-changed"
  | "head-broken"
  | "head-signature"
  | "head-order"
  | "head-fork"
  | "head-root"
  | "key-changed"
  | "row-changed"
  | "row-missing"
  | "row-inserted"
  | "row-doubled"
  | "erasure-unproved";

/** One thing that is not as it was written; every field is there that can be told. */
export interface Finding {
  readonly kind: FindingKind;
  /** A sentence that names what was changed, removed or added. */
  readonly message: string;
  readonly leaf?: number;
  readonly table?: string;
  readonly spoolId?: string;
  readonly epoch?: number;
  readonly sequence?: number;
  readonly id?: string;
  readonly file?: string;
  /** Byte in that file. */
  readonly offset?: number;
}

/** Keeps the first findings and counts the rest: a log that is all wrong fills no memory. */
export class Findings {
  readonly list: Finding[] = [];
  leftOut = 0;
  readonly #max: number;

  constructor(max = 200) {
    this.#max = max;
  }

  readonly add = (finding: Finding): void => {
    if (this.list.length < this.#max) this.list.push(finding);
    else this.leftOut += 1;
  };

  get count(): number {
    return this.list.length + this.leftOut;
  }
}

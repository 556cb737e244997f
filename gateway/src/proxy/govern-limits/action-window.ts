/** Actions of one caller under one limit, in the last 24 hours at most. */
export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;

/** One action that was let through. */
export interface Counted {
  readonly atMs: number;
  /** Digests of what the limit tells apart, such as recipients. */
  readonly values: readonly string[];
  readonly amount: number;
}

/** Bounded: an entry beyond the bound would only be one more over a limit that no setting exceeds. */
const MAX_ENTRIES = 2_048;

export class ActionWindow {
  #entries: Counted[] = [];

  /** What counts at this moment. */
  at(nowMs: number): { hour: number; day: number; values: ReadonlySet<string>; amount: number } {
    this.#entries = this.#entries.filter(({ atMs }) => atMs > nowMs - DAY_MS);
    const values = new Set<string>();
    let amount = 0;
    let hour = 0;
    for (const entry of this.#entries) {
      if (entry.atMs > nowMs - HOUR_MS) hour += 1;
      for (const value of entry.values) values.add(value);
      amount += entry.amount;
    }
    return { hour, day: this.#entries.length, values, amount };
  }

  /** @returns what takes it out again. */
  add(entry: Counted): () => void {
    if (this.#entries.length >= MAX_ENTRIES) this.#entries.shift();
    this.#entries.push(entry);
    return () => {
      this.#entries = this.#entries.filter((each) => each !== entry);
    };
  }
}

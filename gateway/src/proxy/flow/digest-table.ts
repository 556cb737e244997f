const SLOT_WORDS = 3;
const FIRST_SLOTS = 256;

/** A digest of 64 bits → a number above 0; the first that is set stays. Bounded, without objects. */
export class DigestTable {
  readonly #maxSlots: number;
  #slots: Int32Array;
  #used = 0;
  /** Something was left out, for want of room. */
  isFull = false;

  /** @param maxBytes - rounded down to a power of two of slots, 12 bytes each */
  constructor(maxBytes: number) {
    const slots = Math.max(FIRST_SLOTS, Math.floor(maxBytes / (SLOT_WORDS * 4)));
    this.#maxSlots = 2 ** Math.floor(Math.log2(slots));
    this.#slots = new Int32Array(FIRST_SLOTS * SLOT_WORDS);
  }

  get bytes(): number {
    return this.#slots.byteLength;
  }

  get size(): number {
    return this.#used;
  }

  /** 0 = not there. */
  get(high: number, low: number): number {
    return this.#slots[this.#place(this.#slots, high, low) + 2] ?? 0;
  }

  /** Leaves what is there already; does nothing once the table is full. */
  add(high: number, low: number, value: number): void {
    const at = this.#place(this.#slots, high, low);
    if (this.#slots[at + 2] !== 0) return;
    const slots = this.#slots.length / SLOT_WORDS;
    if (this.#used >= slots * 0.7) {
      if (slots * 2 > this.#maxSlots) {
        this.isFull = true;
        return;
      }
      this.#grow(slots * 2);
      this.add(high, low, value);
      return;
    }
    this.#slots[at] = high;
    this.#slots[at + 1] = low;
    this.#slots[at + 2] = value;
    this.#used += 1;
  }

  #place(slots: Int32Array, high: number, low: number): number {
    const mask = slots.length / SLOT_WORDS - 1;
    let slot = low & mask;
    for (;;) {
      const at = slot * SLOT_WORDS;
      if (slots[at + 2] === 0 || (slots[at] === high && slots[at + 1] === low)) return at;
      slot = (slot + 1) & mask;
    }
  }

  #grow(slots: number): void {
    const grown = new Int32Array(slots * SLOT_WORDS);
    const old = this.#slots;
    for (let at = 0; at < old.length; at += SLOT_WORDS) {
      const value = old[at + 2] ?? 0;
      if (value === 0) continue;
      const high = old[at] ?? 0;
      const low = old[at + 1] ?? 0;
      const to = this.#place(grown, high, low);
      grown[to] = high;
      grown[to + 1] = low;
      grown[to + 2] = value;
    }
    this.#slots = grown;
  }
}

/**
 * HalfSipHash-1-3 with 64 bits of output (Aumasson, Bernstein: SipHash; half-width variant of the
 * reference code), over UTF-16 units and over digests. Keyed, so that what a tool answers cannot
 * be made to collide with what a person wrote.
 */
export interface HashKey {
  readonly k0: number;
  readonly k1: number;
}

/** Reads eight random bytes as a key. */
export function hashKey(bytes: Uint8Array): HashKey {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { k0: view.getInt32(0), k1: view.getInt32(4) };
}

/** More than a word, a link or an address has. What is longer counts as long as it is, and no more. */
const CHARACTERS_MAX = 2_048;
const FINAL_ROUNDS = 3;

/** Holds the digest made last, as two 32-bit halves, so that hashing allocates nothing. */
export class KeyedHash {
  high = 0;
  low = 0;
  readonly #key: HashKey;
  readonly #words = new Int32Array(2 + CHARACTERS_MAX / 2);

  constructor(key: HashKey) {
    this.#key = key;
  }

  /** @param kind - what the text is, so that a host is no name and a number no date */
  text(kind: number, text: string): void {
    const words = this.#words;
    const { length } = text;
    const read = Math.min(length, CHARACTERS_MAX);
    let count = 1;
    words[0] = kind;
    // Past the end is NaN, which counts as 0; the length below tells the two apart.
    for (let at = 0; at < read; at += 2) {
      words[count] = text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16);
      count += 1;
    }
    words[count] = length;
    this.#digest(count + 1);
  }

  /** Of digests that follow each other, given as halves: high, low, high, low … */
  sequence(kind: number, halves: Int32Array, from: number, count: number): void {
    const words = this.#words;
    words[0] = kind;
    for (let at = 0; at < 2 * count; at += 1) words[at + 1] = halves[from + at] ?? 0;
    words[2 * count + 1] = count;
    this.#digest(2 * count + 2);
  }

  #digest(count: number): void {
    const words = this.#words;
    const { k0, k1 } = this.#key;
    let v0 = k0;
    let v1 = k1 ^ 0xee;
    let v2 = 0x6c796765 ^ k0;
    let v3 = 0x74656462 ^ k1;
    for (let at = 0; at < count + 2 * FINAL_ROUNDS; at += 1) {
      const word = at < count ? (words[at] ?? 0) : 0;
      if (at === count) v2 ^= 0xee;
      else if (at === count + FINAL_ROUNDS) {
        this.high = v1 ^ v3;
        v1 ^= 0xdd;
      }
      v3 ^= word;
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
      v0 ^= word;
    }
    this.low = v1 ^ v3;
  }
}

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

/** Holds the digest made last, as two 32-bit halves, so that hashing allocates nothing. */
export class KeyedHash {
  high = 0;
  low = 0;
  readonly #key: HashKey;
  #v0 = 0;
  #v1 = 0;
  #v2 = 0;
  #v3 = 0;

  constructor(key: HashKey) {
    this.#key = key;
  }

  /** @param kind - what the text is, so that a host is no name and a number no date */
  text(kind: number, text: string): void {
    this.#start(kind);
    const { length } = text;
    for (let at = 0; at < length; at += 2) {
      // Past the end is NaN, which counts as 0; the length below tells the two apart.
      this.#word(text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16));
    }
    this.#finish(length);
  }

  /** Of digests that follow each other, given as halves: high, low, high, low … */
  sequence(kind: number, halves: Int32Array, from: number, count: number): void {
    this.#start(kind);
    for (let at = from; at < from + 2 * count; at += 1) this.#word(halves[at] ?? 0);
    this.#finish(count);
  }

  #start(kind: number): void {
    const { k0, k1 } = this.#key;
    this.#v0 = k0;
    this.#v1 = k1 ^ 0xee;
    this.#v2 = 0x6c796765 ^ k0;
    this.#v3 = 0x74656462 ^ k1;
    this.#word(kind);
  }

  #word(word: number): void {
    this.#v3 ^= word;
    this.#round();
    this.#v0 ^= word;
  }

  #finish(length: number): void {
    this.#word(length);
    this.#v2 ^= 0xee;
    this.#round();
    this.#round();
    this.#round();
    this.high = this.#v1 ^ this.#v3;
    this.#v1 ^= 0xdd;
    this.#round();
    this.#round();
    this.#round();
    this.low = this.#v1 ^ this.#v3;
  }

  #round(): void {
    let v0 = this.#v0;
    let v1 = this.#v1;
    let v2 = this.#v2;
    let v3 = this.#v3;
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
    this.#v0 = v0;
    this.#v1 = v1;
    this.#v2 = v2;
    this.#v3 = v3;
  }
}

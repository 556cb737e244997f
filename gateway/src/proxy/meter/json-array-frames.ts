import { CarriedBytes } from "./carried-bytes.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACKET = 0x5d;
const CLOSE_BRACE = 0x7d;
/** The highest byte that RFC 8259 §2 calls white space. */
const SPACE = 0x20;

/**
 * Cuts a streamed JSON array into its elements, each with the bytes before it, so that all frames
 * and `rest` together are the input. Linear in the stream's length however it is cut into packets;
 * what is carried over is bounded. The bracket that ends the array stays in `rest`.
 *
 * Only objects and arrays are elements; a stream that is no array gives each value at its top.
 */
export class JsonArrayFrames {
  readonly #carried: CarriedBytes;
  #begun = false;
  /** Depth at which elements stand: 1 inside an array. */
  #elementDepth = 0;
  #depth = 0;
  #inString = false;
  #afterBackslash = false;
  #overflowed = false;

  constructor(maxFrameBytes: number) {
    this.#carried = new CarriedBytes(maxFrameBytes);
  }

  /** An element was larger than the bound: from there on bytes pass unread. */
  get overflowed(): boolean {
    return this.#overflowed;
  }

  /** Whole elements that `chunk` completes, in order. */
  push(chunk: Buffer): Buffer[] {
    if (this.#overflowed) return [chunk];
    const frames: Buffer[] = [];
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      if (!this.#endsElement(chunk[at] ?? 0)) continue;
      frames.push(this.#carried.take(chunk.subarray(from, at + 1)));
      from = at + 1;
    }
    if (from < chunk.length && !this.#carried.keep(chunk.subarray(from))) {
      this.#overflowed = true;
      frames.push(this.rest());
    }
    return frames;
  }

  /** Bytes after the last whole element; empty when there are none. */
  rest(): Buffer {
    return this.#carried.take(Buffer.alloc(0));
  }

  /** Takes one byte in, and tells whether an element ends with it. */
  #endsElement(byte: number): boolean {
    if (this.#inString) {
      if (this.#afterBackslash) this.#afterBackslash = false;
      else if (byte === BACKSLASH) this.#afterBackslash = true;
      else if (byte === QUOTE) this.#inString = false;
      return false;
    }
    if (byte <= SPACE) return false;
    if (!this.#begun) {
      this.#begun = true;
      if (byte === OPEN_BRACKET) this.#elementDepth = 1;
    }
    if (byte === QUOTE) this.#inString = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#depth += 1;
    else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && this.#depth > 0) {
      this.#depth -= 1;
      return this.#depth === this.#elementDepth;
    }
    return false;
  }
}

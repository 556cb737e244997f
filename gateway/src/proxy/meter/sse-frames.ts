import { CarriedBytes } from "./carried-bytes.ts";

const LF = 0x0a;
const CR = 0x0d;

/**
 * Cuts a byte stream into server-sent events, each with the blank line that ends it. Linear in
 * the stream's length however it is cut into packets; what is carried over is bounded.
 *
 * Line ends are LF, CR LF or CR (WHATWG HTML §9.2.5). After a lone CR the next byte decides
 * whether it was a CR LF, so an event that ends in one is given out with the next byte or `rest`.
 */
export class SseFrames {
  readonly #carried: CarriedBytes;
  #lineIsEmpty = true;
  #afterCr = false;
  #overflowed = false;

  constructor(maxFrameBytes: number) {
    this.#carried = new CarriedBytes(maxFrameBytes);
  }

  /** An event was larger than the bound: from there on bytes pass unread. */
  get overflowed(): boolean {
    return this.#overflowed;
  }

  /** Whole events that `chunk` completes, in order. */
  push(chunk: Buffer): Buffer[] {
    if (this.#overflowed) return [chunk];
    const frames: Buffer[] = [];
    let from = 0;
    const cut = (end: number) => {
      frames.push(this.#carried.take(chunk.subarray(from, end)));
      from = end;
      this.#lineIsEmpty = true;
    };
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (this.#afterCr) {
        this.#afterCr = false;
        const end = byte === LF ? at + 1 : at;
        if (this.#lineIsEmpty) cut(end);
        else this.#lineIsEmpty = true;
        if (byte === LF) continue;
      }
      if (byte === CR) this.#afterCr = true;
      else if (byte !== LF) this.#lineIsEmpty = false;
      else if (this.#lineIsEmpty) cut(at + 1);
      else this.#lineIsEmpty = true;
    }
    if (from < chunk.length && !this.#carried.keep(chunk.subarray(from))) {
      this.#overflowed = true;
      frames.push(this.rest());
    }
    return frames;
  }

  /** Bytes of the event that has not ended; empty when none is open. */
  rest(): Buffer {
    return this.#carried.take(Buffer.alloc(0));
  }
}

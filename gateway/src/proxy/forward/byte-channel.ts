/** Packets from the one who pushes to the one who reads, with word when there is room again. */
export class ByteChannel implements AsyncIterable<Uint8Array> {
  readonly #onRoom: () => void;
  readonly #maxBytes: number;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #ended = false;
  #error: Error | null = null;
  #full = false;
  #wake: (() => void) | null = null;

  /** @param onRoom called when the reader has caught up after a `push` that told false */
  constructor(maxBytes: number, onRoom: () => void) {
    this.#maxBytes = maxBytes;
    this.#onRoom = onRoom;
  }

  /** False when no more should be pushed until `onRoom`. What is pushed after the end is dropped. */
  push(chunk: Uint8Array): boolean {
    if (this.#ended) return true;
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    this.#full = this.#bytes >= this.#maxBytes;
    this.#wake?.();
    return !this.#full;
  }

  /** @param error thrown to the reader once it has read everything; null = a proper end */
  end(error: Error | null = null): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const chunks = this.#chunks.splice(0);
        this.#bytes = 0;
        if (this.#full) {
          this.#full = false;
          this.#onRoom();
        }
        yield* chunks;
        if (this.#chunks.length > 0) continue;
        if (this.#error !== null) throw this.#error;
        if (this.#ended) return;
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#wake = resolve;
        await promise;
        this.#wake = null;
      }
    } finally {
      // Nobody reads on: what still comes must not pile up.
      this.#ended = true;
      this.#chunks = [];
      this.#onRoom();
    }
  }
}

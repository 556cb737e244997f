/** What of a frame has come with earlier packets: kept in pieces, joined once. */
export class CarriedBytes {
  readonly #maxBytes: number;
  #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @returns false once there is more than the bound. */
  keep(piece: Buffer): boolean {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    return this.#bytes <= this.#maxBytes;
  }

  /** Everything that was kept, with `last` behind it; from then on nothing is kept. */
  take(last: Buffer): Buffer {
    if (this.#bytes === 0) return last;
    const taken = Buffer.concat([...this.#pieces, last]);
    this.#pieces = [];
    this.#bytes = 0;
    return taken;
  }
}

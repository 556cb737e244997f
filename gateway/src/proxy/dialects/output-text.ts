/** More than any answer that is worth an estimate. */
const MAX_CHARACTERS = 1_048_576;

const MAX_PIECES = 256;

/** A copy in one piece: a string that was put together may keep all its parts alive. */
function flat(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}

/** The text that a stream has generated so far, in bounded memory. */
export class OutputText {
  #pieces: string[] = [];
  #kept = 0;
  #length = 0;

  /** Characters seen, kept or not. */
  get length(): number {
    return this.#length;
  }

  append(piece: unknown): void {
    if (typeof piece !== "string" || piece === "") return;
    this.#length += piece.length;
    if (this.#kept + piece.length > MAX_CHARACTERS) return;
    this.#kept += piece.length;
    // One long string takes a tenth of what thousands of short ones do.
    if (this.#pieces.push(piece) >= MAX_PIECES) this.#pieces = [flat(this.#pieces.join(""))];
  }

  /** The text that was kept; shorter than `length` once the bound was met. */
  text(): string {
    return this.#pieces.join("");
  }
}

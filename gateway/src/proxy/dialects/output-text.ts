/** More than any answer that is worth an estimate. */
const MAX_CHARACTERS = 1_048_576;

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
    this.#pieces.push(piece);
  }

  /** The text that was kept; shorter than `length` once the bound was met. */
  text(): string {
    return this.#pieces.join("");
  }
}

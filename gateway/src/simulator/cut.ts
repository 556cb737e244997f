import type { IncomingHttpHeaders } from "node:http";

/** Where to cut a body into separate writes: at these byte offsets, or after every so many bytes. */
export type Cut = { readonly offsets: readonly number[] } | { readonly every: number };

const maxOffsets = 10_000;

/**
 * Reads `x-simulator-cut: 17,40` and `x-simulator-cut-every: 1`. Offsets count the body's bytes, for
 * a stream from its first event on. Null when neither header is there or neither makes sense.
 */
export function cutOf(headers: IncomingHttpHeaders): Cut | null {
  const every = Number(headers["x-simulator-cut-every"]);
  if (Number.isInteger(every) && every > 0) return { every };
  const offsets = String(headers["x-simulator-cut"] ?? "")
    .split(",", maxOffsets)
    .map(Number)
    .filter((offset) => Number.isInteger(offset) && offset > 0);
  return offsets.length === 0 ? null : { offsets: offsets.toSorted((a, b) => a - b) };
}

/** End offsets of the pieces of a body of `length` bytes, ascending, each once, the last `length`. */
export function pieceEnds(cut: Cut, length: number): readonly number[] {
  const inside =
    "every" in cut
      ? Array.from(
          { length: Math.floor(length / cut.every) },
          (_, index) => (index + 1) * cut.every,
        )
      : cut.offsets;
  const ends = [...new Set(inside)].filter((end) => end < length);
  return length > 0 ? [...ends, length] : ends;
}

/** Counts tokens, in the worker thread alone: the first use of an encoding takes 0.2 s and 75 MB. */
import type { EncodingName } from "./encoding-of-model.ts";

type Count = (text: string) => number;

/** The merge cache keeps words of prompts in memory: room for a language, not for a day's traffic. */
const MERGE_CACHE_ENTRIES = 10_000;

const plainText = { disallowedSpecial: new Set<string>() };

/** Loads an encoding; the counter takes `<|endoftext|>` and its like for the plain text they are. */
export async function loadCounter(name: EncodingName): Promise<Count> {
  const encoding =
    name === "cl100k_base"
      ? await import("gpt-tokenizer/encoding/cl100k_base")
      : await import("gpt-tokenizer/encoding/o200k_base");
  encoding.setMergeCacheSize(MERGE_CACHE_ENTRIES);
  return (text) => {
    let tokens = 0;
    for (const piece of cutLongWords(text)) tokens += encoding.countTokens(piece, plainText);
    return tokens;
  };
}

/**
 * Runs that the encodings' patterns take for one word: letters and their marks, symbols, spaces,
 * and line ends mixed with slashes.
 */
const LONG_WORD = /[\p{L}\p{M}]{128}|[^\s\p{L}\p{N}]{128}|\s{128}|[\r\n/]{128}/gu;

/**
 * Byte pair merging takes the square of a word's length: one word of 64 K Chinese characters takes
 * 15 s. Words of text do not get that long, and a cut costs two tokens at most.
 */
export function* cutLongWords(text: string): Generator<string> {
  let from = 0;
  for (const match of text.matchAll(LONG_WORD)) {
    const end = match.index + match[0].length;
    yield text.slice(from, end);
    from = end;
  }
  if (from < text.length) yield text.slice(from);
}

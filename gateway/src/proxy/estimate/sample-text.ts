/** A text, or what a bounded buffer kept of one: `length` counts what it left out as well. */
export type CountedText = string | { readonly length: number; text(): string };

export interface Sample {
  readonly slices: string[];
  /** Tokens of the slices times this are those of the text. */
  readonly scale: number;
  /** Memory that the slices take while they wait, at most. */
  readonly bytes: number;
}

/** Many and short: a text changes its language, and a slice's two ends cost a token together. */
const SLICES = 512;
const BYTES_PER_CHARACTER = 2;

/**
 * The whole text if it has at most `maxCharacters`, otherwise as many from 512 places spread evenly
 * over it. Null when there is a text of which nothing was kept: nothing can be said about it.
 */
export function sampleText(counted: CountedText, maxCharacters: number): Sample | null {
  const text = typeof counted === "string" ? counted : counted.text();
  if (counted.length > 0 && text === "") return null;
  const slices = text.length <= maxCharacters ? [text] : spread(text, maxCharacters);
  const sampled = slices.reduce((sum, slice) => sum + slice.length, 0);
  const scale = sampled === 0 ? 0 : Math.max(counted.length, text.length) / sampled;
  return { slices, scale, bytes: sampled * BYTES_PER_CHARACTER };
}

function spread(text: string, maxCharacters: number): string[] {
  const length = Math.floor(maxCharacters / SLICES);
  const stride = (text.length - length) / (SLICES - 1);
  return Array.from({ length: SLICES }, (_, at) => {
    const from = Math.round(at * stride);
    return text.slice(from, from + length);
  });
}

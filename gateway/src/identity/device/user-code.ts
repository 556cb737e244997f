/** RFC 8628 §6.1: letters without vowels, so that no code is a word, and nothing alike. */
const alphabet = "BCDFGHJKLMNPQRSTVWXZ";
const length = 8;
// The largest multiple of 20 below 256: above it some letters would be likelier than others.
const fair = 240;

/** 20⁸ possibilities: a guess at one of a hundred codes under way hits once in 256 million. */
export function formatUserCode(randomBytes: (size: number) => Buffer): string {
  let code = "";
  while (code.length < length) {
    for (const byte of randomBytes(length * 2))
      if (byte < fair && code.length < length) code += alphabet.charAt(byte % alphabet.length);
  }
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

/** The code as it is looked up: what a person typed, without hyphens, spaces and case. */
export function normalizeUserCode(typed: string): string {
  return typed.toUpperCase().replaceAll(/[^A-Z]/g, "");
}

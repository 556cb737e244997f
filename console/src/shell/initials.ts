/** One or two letters for a person: `Ada Lovelace` → `AL`, `ada@example.com` → `A`. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s._-]+/u).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const letters = [words[0], words.length > 1 && !name.includes("@") ? words.at(-1) : undefined];
  return letters
    .map((word) => (word === undefined ? "" : String.fromCodePoint(word.codePointAt(0) ?? 32)))
    .join("")
    .toUpperCase();
}

/** A person's id where it stands by itself in a text, not as a part of another id. For RE2 and JavaScript. */
export function idPattern(personId: string): string {
  const escaped = personId.replaceAll(/[.@-]/g, (character) => `[${character}]`);
  return `(^|[^A-Za-z0-9._@-])${escaped}($|[^A-Za-z0-9._@-])`;
}

const idByte = /[A-Za-z0-9._@-]/;
// Shorter ones are parts of words, and turn up by chance in compressed bytes.
const MIN_ANYWHERE_CHARACTERS = 6;

/**
 * How often the id stands in bytes: a long one anywhere, since in ClickHouse's files a length that
 * looks like a letter may be next to it; a short one where it stands by itself.
 */
export function countInBytes(bytes: Buffer, personId: string): number {
  let found = 0;
  for (let at = bytes.indexOf(personId); at !== -1; at = bytes.indexOf(personId, at + 1)) {
    const isAnywhere = personId.length >= MIN_ANYWHERE_CHARACTERS;
    if (isAnywhere || (endsBefore(bytes, at) && !isIdByte(bytes[at + personId.length]))) found += 1;
  }
  return found;
}

/** JSON writes a tab as a backslash and a letter. */
function endsBefore(bytes: Buffer, at: number): boolean {
  const before = bytes.toString("latin1", Math.max(0, at - 2), at);
  return !isIdByte(bytes[at - 1]) || /\\[tnr]$/.test(before);
}

function isIdByte(byte: number | undefined): boolean {
  return byte !== undefined && idByte.test(String.fromCodePoint(byte));
}

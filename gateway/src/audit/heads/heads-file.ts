import { open, stat } from "node:fs/promises";

/** Every head's note, each followed by an empty line; only ever appended to. */
export const HEADS_FILE = "heads";

/** What a torn or foreign file could make a reader keep. */
const MAX_NOTE_BYTES = 65_536;
const READ_BYTES = 1_048_576;

/** A piece of a heads file that ends as a note does, or what is left at its end. */
export interface NoteInFile {
  readonly note: string;
  readonly offset: number;
  /** Where the next one begins. */
  readonly end: number;
  /** Whether it ends as a note does. */
  readonly isWhole: boolean;
}

/** Reads notes in order, from the byte `start`. Memory is bounded. A file that is not there has none. */
export async function* readNotes(path: string, start = 0): AsyncGenerator<NoteInFile> {
  const size = await sizeOf(path);
  if (size <= start) return;
  const file = await open(path, "r");
  try {
    let offset = start;
    let rest = Buffer.alloc(0);
    for (let position = start; position < size;) {
      const chunk = Buffer.alloc(Math.min(READ_BYTES, size - position));
      const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
      // Offsets are bytes: latin1 keeps each byte one character.
      const text = rest.toString("latin1");
      let taken = 0;
      for (const match of text.matchAll(latin1NoteEnd)) {
        const end = match.index + match[0].length;
        const note = rest.toString("utf8", taken, end - 1);
        yield { note, offset: offset + taken, end: offset + end, isWhole: true };
        taken = end;
      }
      rest = rest.subarray(taken);
      offset += taken;
      if (rest.length > MAX_NOTE_BYTES) break;
    }
    const end = offset + rest.length;
    if (rest.length > 0) yield { note: rest.toString("utf8"), offset, end, isWhole: false };
  } finally {
    await file.close();
  }
}

// The em dash that begins a signature line, as its three bytes.
const latin1NoteEnd = /\n\u00e2\u0080\u0094 [^\n]*\n\n/g;

/** The last whole note, found from the end of the file; null when there is none. */
export async function readLastNote(path: string): Promise<NoteInFile | null> {
  const size = await sizeOf(path);
  let last: NoteInFile | null = null;
  // The first piece begins in the middle of a note, unless it is the file's first.
  const start = Math.max(0, size - MAX_NOTE_BYTES);
  for await (const each of readNotes(path, start)) if (each.isWhole) last = each;
  return last;
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return 0;
    throw error;
  }
}

import { open } from "node:fs/promises";
import { type Head, parseHead } from "./head.ts";
import { type NoteInFile, readNotes } from "./heads-file.ts";
import { parseNote } from "./note.ts";

/** Enough for any two heads. */
const WINDOW_BYTES = 4_096;

export interface FoundHead {
  readonly head: Head;
  readonly found: NoteInFile;
}

/** The first head with at least `size` leaves, found by halving; null = none, or none that can be read. */
export async function findHead(path: string, size: number): Promise<FoundHead | null> {
  const file = await open(path, "r");
  try {
    let low = 0;
    let high = (await file.stat()).size;
    while (high - low > WINDOW_BYTES) {
      const middle = Math.floor((low + high) / 2);
      const start = await nextStart(path, middle, high);
      if (start === null || start.head.size >= size) high = middle;
      else low = start.found.offset;
    }
    for await (const found of readNotes(path, low)) {
      const head = found.isWhole ? headOf(found.note) : null;
      if (head !== null && head.size >= size) return { head, found };
    }
    return null;
  } finally {
    await file.close();
  }
}

/** The first head that begins behind a byte in the middle of another. */
async function nextStart(path: string, from: number, end: number): Promise<FoundHead | null> {
  let isFirst = true;
  for await (const found of readNotes(path, from)) {
    if (found.offset >= end) return null;
    const head = isFirst ? null : headOf(found.note);
    isFirst = false;
    if (head !== null) return { head, found };
  }
  return null;
}

function headOf(note: string): Head | null {
  return parseHead(parseNote(note)?.text ?? "");
}

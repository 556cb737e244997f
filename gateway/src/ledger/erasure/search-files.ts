import { open, readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { countInBytes } from "./person-text.ts";

export interface FileThatNames {
  /** Below the data directory. */
  readonly path: string;
  readonly occurrences: number;
}

export interface FileSearch {
  readonly files: number;
  readonly bytes: number;
  readonly found: FileThatNames[];
}

const CHUNK_BYTES = 4_194_304;

/**
 * Looks for the bytes of the id in every file below a directory. Not for a process that has a store
 * of SQLite open there: closing a file lets go of its locks (POSIX), and SQLite would not know.
 */
export async function searchFiles(directory: string, personId: string): Promise<FileSearch> {
  const found: FileThatNames[] = [];
  let files = 0;
  let bytes = 0;
  for await (const path of filesBelow(directory)) {
    const searched = await searchFile(path, personId);
    if (searched === null) continue;
    files += 1;
    bytes += searched.bytes;
    const named = relative(directory, path);
    const inName = countInBytes(Buffer.from(named, "utf8"), personId);
    const occurrences = searched.occurrences + inName;
    if (occurrences > 0) found.push({ path: named, occurrences });
  }
  return { files, bytes, found };
}

async function* filesBelow(directory: string): AsyncGenerator<string> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(nothingThere);
  for (const entry of entries ?? []) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

/** Merges take parts away while this looks around: what is gone holds nothing. */
function nothingThere(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}

async function searchFile(
  path: string,
  personId: string,
): Promise<{ readonly bytes: number; readonly occurrences: number } | null> {
  const file = await open(path, "r").catch(nothingThere);
  if (file === null) return null;
  const overlap = Buffer.byteLength(personId) + 2;
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES + overlap);
  let kept = 0;
  let bytes = 0;
  let occurrences = 0;
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, kept, CHUNK_BYTES, bytes);
      bytes += bytesRead;
      const filled = buffer.subarray(0, kept + bytesRead);
      const rest = bytesRead === 0 ? 0 : Math.min(overlap, filled.length);
      occurrences +=
        countInBytes(filled, personId) -
        countInBytes(filled.subarray(filled.length - rest), personId);
      if (bytesRead === 0) return { bytes, occurrences };
      filled.copy(buffer, 0, filled.length - rest);
      kept = rest;
    }
  } finally {
    await file.close();
  }
}

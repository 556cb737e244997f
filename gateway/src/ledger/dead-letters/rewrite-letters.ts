import { createReadStream } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { DeadLetter } from "../ship/dead-letters.ts";
import { syncDirectory } from "../spool/sync-directory.ts";
import { type LetterLine, readLetterLines } from "./letter-files.ts";

/**
 * Takes letters out of a file so that after a crash either the old or the new file is there, whole.
 * Lines that are no letters stay, byte for byte: a damaged one may hold what is left of a row.
 * Nothing may be appended meanwhile.
 */
export async function removeLetters(
  path: string,
  isGone: (letter: DeadLetter) => boolean,
): Promise<void> {
  const temporary = `${path}.tmp`;
  let lines = 0;
  {
    await using file = await open(temporary, "w", 0o600);
    for await (const line of readLetterLines(path)) {
      if (line.letter !== null && isGone(line.letter)) continue;
      await copyLine(path, line, file);
      lines += 1;
    }
    await file.sync();
  }
  if (lines === 0) await rm(temporary).then(() => rm(path, { force: true }));
  else await rename(temporary, path);
  await syncDirectory(dirname(path));
}

async function copyLine(path: string, line: LetterLine, target: FileHandle): Promise<void> {
  const { start, end, bytes } = line;
  if (bytes !== null) await target.writeFile(bytes);
  else
    for await (const piece of createReadStream(path, { start, end: end - 1 }))
      await target.writeFile(piece);
  await target.writeFile("\n");
}

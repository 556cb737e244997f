import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { DeadLetter } from "../ship/dead-letters.ts";
import { syncDirectory } from "../spool/sync-directory.ts";
import { readLetterLines } from "./letter-files.ts";

/**
 * Takes letters out of a file so that after a crash either the old or the new file is there, whole.
 * Lines that are no letters stay. Nothing may be appended meanwhile.
 */
export async function removeLetters(
  path: string,
  isGone: (letter: DeadLetter) => boolean,
): Promise<void> {
  const temporary = `${path}.tmp`;
  let lines = 0;
  {
    await using file = await open(temporary, "w", 0o600);
    for await (const { text, letter } of readLetterLines(path)) {
      if (letter !== null && isGone(letter)) continue;
      await file.writeFile(`${text}\n`);
      lines += 1;
    }
    await file.sync();
  }
  if (lines === 0) await rm(temporary).then(() => rm(path, { force: true }));
  else await rename(temporary, path);
  await syncDirectory(dirname(path));
}

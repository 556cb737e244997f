import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { syncDirectory } from "../spool/sync-directory.ts";
import { letterKey, readLetterLines } from "./letter-files.ts";

/**
 * Takes letters out of a file so that after a crash either the old or the new file is there, whole.
 * Lines that are no letters stay. Nothing may be appended meanwhile.
 * @returns how many letters are left.
 */
export async function removeLetters(path: string, keys: ReadonlySet<string>): Promise<number> {
  const temporary = `${path}.tmp`;
  const left = new Set<string>();
  let bytes = 0;
  {
    await using file = await open(temporary, "w", 0o600);
    for await (const { text, letter } of readLetterLines(path)) {
      if (letter !== null && keys.has(letterKey(letter))) continue;
      if (letter !== null) left.add(letterKey(letter));
      const line = `${text}\n`;
      await file.writeFile(line);
      bytes += line.length;
    }
    await file.sync();
  }
  if (bytes === 0) await rm(temporary).then(() => rm(path, { force: true }));
  else await rename(temporary, path);
  await syncDirectory(dirname(path));
  return left.size;
}

import { createReadStream, existsSync } from "node:fs";
import { open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { readLines } from "../lines/read-lines.ts";
import { syncDirectory } from "../spool/sync-directory.ts";
import { countInBytes } from "./person-text.ts";

/**
 * Takes the dead letters that name the person out of their files, and removes damaged pieces of spools
 * that do: nothing in these can be taken out by itself. Nothing may be shipped meanwhile.
 * @returns how many letters, and how many pieces, that were.
 */
export async function eraseDeadLetters(
  spoolRoot: string,
  personId: string,
): Promise<{ readonly letters: number; readonly pieces: number }> {
  let letters = 0;
  let pieces = 0;
  for (const directory of await directoriesOf(spoolRoot)) {
    for (const name of await readdir(directory)) {
      const path = join(directory, name);
      // The copy that a crash left of a file being rewritten; the file itself is there still.
      if (/\.ndjson\.(?:tmp|erasing)$/.test(name)) await rm(path, { force: true });
      else if (name.endsWith(".ndjson")) letters += await eraseLines(path, personId);
      else if (name.endsWith(".corrupt") && countInBytes(await readFile(path), personId) > 0) {
        await rm(path, { force: true });
        pieces += 1;
      }
    }
    await syncDirectory(directory);
  }
  return { letters, pieces };
}

/** Those of the spools, where recovery leaves pieces, and that of the dead letters. */
async function directoriesOf(spoolRoot: string): Promise<string[]> {
  if (!existsSync(spoolRoot)) return [];
  const entries = await readdir(spoolRoot, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(spoolRoot, name));
}

async function eraseLines(path: string, personId: string): Promise<number> {
  const rewritten = `${path}.erasing`;
  let erased = 0;
  const target = await open(rewritten, "w", 0o600);
  try {
    for await (const { bytes } of readLines(createReadStream(path))) {
      if (bytes === null) continue;
      if (countInBytes(bytes, personId) > 0) erased += 1;
      else await target.appendFile(Buffer.concat([bytes, Buffer.from("\n")]));
    }
    await target.datasync();
  } finally {
    await target.close();
  }
  if (erased === 0) await rm(rewritten);
  else await rename(rewritten, path);
  return erased;
}

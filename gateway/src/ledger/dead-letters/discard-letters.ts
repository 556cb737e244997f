import { existsSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncDirectory } from "../spool/sync-directory.ts";
import { letterPath, readLetterLines } from "./letter-files.ts";
import { isSelected, type LetterSelection, selectsAll } from "./letter-selection.ts";
import { removeLetters } from "./rewrite-letters.ts";

/** The name that letters of a spool get when they are discarded at this time; of no file yet. */
export function discardedName(spoolRoot: string, spoolId: string, atMs: number): string {
  const directory = dirname(letterPath(spoolRoot, spoolId));
  for (let stampMs = atMs; ; stampMs += 1) {
    const stamp = new Date(stampMs).toISOString().replaceAll(/[-:.]/g, "");
    const name = `${spoolId}.discarded-${stamp}.ndjson`;
    // A clock that stepped back, or stands still: renaming would put one file in place of another.
    if (!existsSync(join(directory, name))) return name;
  }
}

/**
 * Moves letters of a spool to a file of this name, where nothing retries them. After a crash in
 * between they may stand in both files, and are in no table. Nothing may be appended meanwhile.
 */
export async function moveAside(
  spoolRoot: string,
  spoolId: string,
  name: string,
  selection: LetterSelection,
): Promise<void> {
  const path = letterPath(spoolRoot, spoolId);
  const target = join(dirname(path), name);
  if (selectsAll(selection)) {
    await rename(path, target);
    return syncDirectory(dirname(path));
  }
  {
    await using file = await open(target, "wx", 0o600);
    for await (const { bytes, letter } of readLetterLines(path)) {
      if (letter === null || !isSelected(selection, letter)) continue;
      await file.writeFile(bytes);
      await file.writeFile("\n");
    }
    await file.sync();
  }
  await syncDirectory(dirname(path));
  await removeLetters(path, (letter) => isSelected(selection, letter));
}

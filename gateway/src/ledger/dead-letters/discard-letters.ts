import { open, rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncDirectory } from "../spool/sync-directory.ts";
import { letterPath, readLetterLines } from "./letter-files.ts";
import { isSelected, type LetterSelection, selectsAll } from "./letter-selection.ts";
import { removeLetters } from "./rewrite-letters.ts";

/** The name that a file of letters gets when it is discarded at this time. */
export function discardedName(spoolId: string, atMs: number): string {
  const stamp = new Date(atMs).toISOString().replaceAll(/[-:.]/g, "");
  return `${spoolId}.discarded-${stamp}.ndjson`;
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
  await stat(path);
  if (selectsAll(selection)) {
    await rename(path, target);
    return syncDirectory(dirname(path));
  }
  {
    await using file = await open(target, "wx", 0o600);
    for await (const { text, letter } of readLetterLines(path))
      if (letter !== null && isSelected(selection, letter)) await file.writeFile(`${text}\n`);
    await file.sync();
  }
  await syncDirectory(dirname(path));
  await removeLetters(path, (letter) => isSelected(selection, letter));
}

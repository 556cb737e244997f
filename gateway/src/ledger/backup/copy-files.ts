import { constants } from "node:fs";
import { copyFile, mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { DEAD_LETTERS_DIRECTORY } from "../ship/dead-letters.ts";
import { listSegments } from "../spool/segment-name.ts";
import { listSpoolIds } from "../status/read-spools.ts";

/** The file of the key that signs tree heads, in the audit log's folder. */
const SIGNING_KEY = /signing-key/;

/** Copies a file and makes the folders above it. A file that is not there is left out. */
async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await copyFile(from, to, constants.COPYFILE_FICLONE).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}

async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    },
  );
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

/**
 * Copies spools that are being written: each is a beginning of what it becomes, at the worst with a
 * torn last frame. Nothing may be shipped meanwhile, or segments would go.
 */
export async function copySpools(spoolRoot: string, target: string): Promise<void> {
  for (const id of await listSpoolIds(spoolRoot)) {
    const directory = join(spoolRoot, id);
    await copy(join(directory, "cursor.json"), join(target, id, "cursor.json"));
    // Oldest first: one after the other is sealed before the next is begun.
    for (const { name } of await listSegments(directory))
      await copy(join(directory, name), join(target, id, name));
    for (const name of await filesIn(directory))
      if (name.endsWith(".corrupt")) await copy(join(directory, name), join(target, id, name));
  }
  const letters = join(spoolRoot, DEAD_LETTERS_DIRECTORY);
  for (const name of await filesIn(letters))
    if (!name.endsWith(".tmp"))
      await copy(join(letters, name), join(target, DEAD_LETTERS_DIRECTORY, name));
}

/** Copies the audit log; nothing may be appended to it meanwhile. */
export async function copyAudit(from: string, target: string, withKeys: boolean): Promise<void> {
  for (const name of await filesIn(from)) {
    if (
      name.startsWith("lock.db") ||
      name.endsWith(".tmp") ||
      (SIGNING_KEY.test(name) && !withKeys)
    )
      continue;
    await copy(join(from, name), join(target, name));
  }
}

/** Copies what else belongs to the state: the policy kept last, and a recomputing under way. */
export async function copyRest(dataDir: string, target: string): Promise<void> {
  await copy(join(dataDir, "recompute.json"), join(target, "recompute.json"));
  for (const name of await filesIn(join(dataDir, "policy")))
    await copy(join(dataDir, "policy", name), join(target, "policy", name));
}

/** Copies the control store as it is now, whoever else has it open. */
export async function copyStore(path: string, target: string): Promise<void> {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    await backup(database, target);
  } finally {
    database.close();
  }
}

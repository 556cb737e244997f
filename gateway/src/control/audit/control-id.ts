import { mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { v4 as uuidv4, validate } from "uuid";

const fileName = "control-id";

/**
 * What tells the control of this data directory from others that share its store: a change that it
 * has claimed can be in its own spool and audit log alone. Made once and kept in the directory.
 */
export async function openControlId(
  dataDir: string,
  randomBytes: (size: number) => Buffer,
): Promise<string> {
  const path = join(dataDir, fileName);
  const kept = await readKept(path);
  if (kept !== null) return kept;
  const id = uuidv4({ random: randomBytes(16) });
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const file = await open(`${path}.new`, "w", 0o600);
  try {
    await file.writeFile(`${id}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  return id;
}

async function readKept(path: string): Promise<string | null> {
  try {
    const id = (await readFile(path, "utf8")).trim();
    if (validate(id)) return id;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  throw new Error(`${path} is damaged. Write into it the id that this control had before.`);
}

import { open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { syncDirectory } from "../../ledger/spool/sync-directory.ts";

const count = Type.Integer({ minimum: 0 });

/**
 * `checkpoint.json`: how far the level files are known to be on the disk, and what each source had
 * by then. It only spares the opening work; without it everything is read once.
 */
export const Checkpoint = Type.Object(
  {
    version: Type.Literal(1),
    size: count,
    /** By source reference: the highest sequence. */
    through: Type.Record(Type.String(), count),
  },
  { additionalProperties: false },
);
export type Checkpoint = Static<typeof Checkpoint>;

const FILE_NAME = "checkpoint.json";

/** @returns an empty one when there is none that can be read. */
export async function readCheckpoint(directory: string): Promise<Checkpoint> {
  try {
    return Value.Parse(Checkpoint, JSON.parse(await readFile(join(directory, FILE_NAME), "utf8")));
  } catch {
    return { version: 1, size: 0, through: {} };
  }
}

export async function writeCheckpoint(directory: string, checkpoint: Checkpoint): Promise<void> {
  await replaceFile(directory, FILE_NAME, `${JSON.stringify(checkpoint)}\n`);
}

/** Replaces a file so that after a crash either the old or the new one is there, whole. */
export async function replaceFile(directory: string, name: string, text: string): Promise<void> {
  const path = join(directory, name);
  const handle = await open(`${path}.tmp`, "w", 0o600);
  try {
    await handle.writeFile(text);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(`${path}.tmp`, path);
  await syncDirectory(directory);
}

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readdir, readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { syncDirectory } from "../spool/sync-directory.ts";

const strict = { additionalProperties: false } as const;
const count = Type.Integer({ minimum: 0 });
const MANIFEST = "manifest.json";

/** What a backup holds; it is written last, so that a folder without it is none. */
export const BackupManifest = Type.Object(
  {
    format: Type.Literal(1),
    weirVersion: Type.String(),
    atMs: Type.Integer(),
    /** Rows by table, which are what the restored tables have to hold. */
    rows: Type.Record(Type.String(), count),
    /** Null when there is no audit log yet. */
    audit: Type.Union([Type.Object({ size: count, root: Type.String() }, strict), Type.Null()]),
    hasSigningKey: Type.Boolean(),
    /** Statements that make tables and views, in their order. */
    schema: Type.Array(Type.String()),
    files: Type.Array(
      Type.Object(
        {
          /** Relative, with `/`. */
          path: Type.String({ pattern: "^[^/\\0]+(/[^/\\0]+)*$" }),
          bytes: count,
          sha256: Type.String({ pattern: "^[0-9a-f]{64}$" }),
        },
        strict,
      ),
    ),
  },
  strict,
);
export type BackupManifest = Static<typeof BackupManifest>;
export type BackupFile = BackupManifest["files"][number];

/** A folder is not a whole backup, or was changed since. */
export class BackupError extends Error {
  readonly code = "WEIR_BACKUP_DAMAGED";
}

/** Every file under a folder with its digest, in order of path. */
export async function digestFolder(folder: string): Promise<BackupFile[]> {
  const files: BackupFile[] = [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const absolute = join(entry.parentPath, entry.name);
    const path = absolute.slice(folder.length + 1);
    if (path === MANIFEST) continue;
    files.push({ path, bytes: (await stat(absolute)).size, sha256: await digestOf(absolute) });
  }
  return files.toSorted((one, other) => (one.path < other.path ? -1 : 1));
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}

/** Writes the manifest, durably, and makes the folder a backup by it. */
export async function writeManifest(folder: string, manifest: BackupManifest): Promise<void> {
  const temporary = join(folder, `${MANIFEST}.tmp`);
  {
    await using file = await open(temporary, "w", 0o600);
    await file.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
    await file.sync();
  }
  await rename(temporary, join(folder, MANIFEST));
  await syncDirectory(folder);
}

/** The manifest of a folder in which every file is as it says. @throws BackupError */
export async function verifyBackup(folder: string): Promise<BackupManifest> {
  const text = await readFile(join(folder, MANIFEST), "utf8").catch((cause: unknown) => {
    throw new BackupError(`${folder} has no manifest.json: it is not a whole backup`, { cause });
  });
  const manifest: unknown = JSON.parse(text);
  if (!Value.Check(BackupManifest, manifest))
    throw new BackupError("its manifest.json is not one that this Weir can read");
  const found = new Map((await digestFolder(folder)).map((file) => [file.path, file]));
  for (const { path, bytes, sha256 } of manifest.files) {
    const file = found.get(path);
    if (file === undefined) throw new BackupError(`its file ${path} is missing`);
    if (file.bytes !== bytes || file.sha256 !== sha256)
      throw new BackupError(`its file ${path} was changed since the backup`);
    found.delete(path);
  }
  const [extra] = found.keys();
  if (extra !== undefined) throw new BackupError(`its file ${extra} was not there at the backup`);
  return manifest;
}

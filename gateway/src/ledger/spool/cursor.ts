import { open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { syncDirectory } from "./sync-directory.ts";

const count = Type.Integer({ minimum: 0 });

/** One INSERT still owed: the rows of `[first, last]` of one layout for one partition of a table. */
export const ShipWork = Type.Object(
  {
    table: Type.Union([
      Type.Literal("calls"),
      Type.Literal("decisions"),
      Type.Literal("admin_log"),
      Type.Literal("access_log"),
      Type.Literal("content"),
    ]),
    /** Version of the layout of the rows. */
    version: count,
    /** UTC day, for example `20261123`. */
    partition: Type.String(),
    first: count,
    last: count,
    /** Counts up when ClickHouse has to be asked under a new deduplication token. */
    attempt: count,
  },
  { additionalProperties: false },
);
export type ShipWork = Static<typeof ShipWork>;

/**
 * `<spool directory>/cursor.json`: how far control has shipped a spool. Control alone writes it;
 * the proxy reads it to know what room it has, and where its sequence goes on.
 */
export const Cursor = Type.Object(
  {
    version: Type.Literal(1),
    spoolId: Type.String(),
    epoch: count,
    /** Every record up to here is in ClickHouse or among the dead letters. */
    shippedThrough: count,
    /** Where the record after `shippedThrough` is to be found. */
    segment: Type.String(),
    offset: count,
    shippedRows: count,
    deadRows: count,
    /**
     * The batch under way: written before its first INSERT, so that a crash repeats just that;
     * `work` is what of it is still owed, `dead` how many of its rows are dead letters.
     */
    intent: Type.Union([
      Type.Object(
        { first: count, last: count, dead: count, work: Type.Array(ShipWork) },
        { additionalProperties: false },
      ),
      Type.Null(),
    ]),
  },
  { additionalProperties: false },
);
export type Cursor = Static<typeof Cursor>;

const FILE_NAME = "cursor.json";

/** The cursor of a spool of which nothing has been shipped. */
export function newCursor(spoolId: string): Cursor {
  return {
    version: 1,
    spoolId,
    epoch: 0,
    shippedThrough: 0,
    segment: "",
    offset: 0,
    shippedRows: 0,
    deadRows: 0,
    intent: null,
  };
}

/** The cursor file cannot be used: going on without it could ship rows twice or not at all. */
export class CursorError extends Error {
  readonly code = "WEIR_SPOOL_CURSOR";

  constructor(path: string, options?: ErrorOptions) {
    super(`${path} is not a cursor that this Weir can read. Restore it from a backup.`, options);
    this.name = "CursorError";
  }
}

/** @returns null when nothing has ever been shipped. @throws CursorError */
export async function readCursor(directory: string): Promise<Cursor | null> {
  const path = join(directory, FILE_NAME);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return Value.Parse(Cursor, value);
  } catch (cause) {
    throw new CursorError(path, { cause });
  }
}

/** Replaces the cursor so that after a crash either the old or the new one is there, whole. */
export async function writeCursor(directory: string, cursor: Cursor): Promise<void> {
  const path = join(directory, FILE_NAME);
  const temporary = `${path}.tmp`;
  const handle = await open(temporary, "w", 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(cursor)}\n`);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
  await syncDirectory(directory);
}

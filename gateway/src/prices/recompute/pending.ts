import { open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { syncDirectory } from "../../ledger/spool/sync-directory.ts";

const strict = { additionalProperties: false } as const;

/** A batch of corrections that may or may not have reached the ledger. */
const PendingBatch = Type.Object(
  {
    /** UTC day, `20261123`: a batch fills one partition, and so is all or nothing. */
    partition: Type.String({ pattern: "^\\d{8}$" }),
    /** Names the INSERT by what it inserts. */
    token: Type.String({ pattern: "^[a-z0-9:]+$" }),
    /** Counts up when ClickHouse has to be asked under a new token. */
    attempt: Type.Integer({ minimum: 0 }),
    corrections: Type.Array(
      Type.Object(
        {
          id: Type.String({ minLength: 1 }),
          supersedes: Type.String({ minLength: 1 }),
          microUsd: Type.Union([Type.Integer(), Type.Null()]),
          status: Type.Union([
            Type.Literal("priced"),
            Type.Literal("unpriced"),
            Type.Literal("not_billed"),
          ]),
          priceVersion: Type.String(),
        },
        strict,
      ),
      { minItems: 1, maxItems: 10_000 },
    ),
  },
  strict,
);
export type PendingBatch = Static<typeof PendingBatch>;

/** The note of the batch under way: it is on the disk before the batch's INSERT begins. */
export interface PendingNote {
  /** @throws what reading throws; PendingNoteError when the note is not what was written. */
  read(): Promise<PendingBatch | null>;
  write(batch: PendingBatch): Promise<void>;
  clear(): Promise<void>;
}

/** The note cannot be read: whether its batch is in the ledger has to be looked at by a person. */
export class PendingNoteError extends Error {
  readonly code = "WEIR_RECOMPUTE_NOTE";

  constructor(path: string, options?: ErrorOptions) {
    super(
      `${path} is damaged. Delete it to go on: at worst the roll-ups lack its last batch.`,
      options,
    );
    this.name = "PendingNoteError";
  }
}

export function openPendingNote(dataDir: string): PendingNote {
  const path = join(dataDir, "recompute.json");
  return {
    read: () => readNote(path),
    write: (batch) => writeNote(path, JSON.stringify(batch)),
    clear: async () => {
      await rm(path, { force: true });
      await syncDirectory(dirname(path));
    },
  };
}

async function readNote(path: string): Promise<PendingBatch | null> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  try {
    return Value.Parse(PendingBatch, JSON.parse(text));
  } catch (error) {
    throw new PendingNoteError(path, { cause: error });
  }
}

async function writeNote(path: string, text: string): Promise<void> {
  const file = await open(`${path}.new`, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  await syncDirectory(dirname(path));
}

import { type FileHandle, mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import type { LedgerTable } from "../rows/layout.ts";
import type { Frame } from "../spool/frame.ts";
import { DeadLettersFullError } from "./errors.ts";
import type { RowSource } from "./insert-work.ts";
import type { Destination } from "./plan-work.ts";

/** One line of `<spoolRoot>/dead-letters/<spoolId>.ndjson`. */
export interface DeadLetter {
  readonly spoolId: string;
  readonly epoch: number;
  /** With `spoolId` and `epoch` the identity of the record: a line may stand there twice. */
  readonly sequence: number;
  readonly table: LedgerTable;
  /** Version of the layout of the row. */
  readonly version: number;
  /** UTC day, for example `20261123`. */
  readonly partition: string;
  readonly atMs: number;
  readonly code: string;
  readonly reason: string;
  /** The row as the proxy wrote it, without its newline. */
  readonly line: string;
}

export const DEAD_LETTERS_DIRECTORY = "dead-letters";
const MAX_BYTES = 268_435_456;
const MAX_REASON_CHARACTERS = 500;

/** The dead letter for a frame. */
export function deadLetter(
  source: RowSource,
  { table, version, partition }: Destination,
  frame: Frame,
  cause: { readonly atMs: number; readonly code: string; readonly reason: string },
): DeadLetter {
  return {
    spoolId: source.spoolId,
    epoch: source.epoch,
    sequence: frame.sequence,
    table,
    version,
    partition,
    atMs: cause.atMs,
    code: cause.code,
    reason: cause.reason.slice(0, MAX_REASON_CHARACTERS),
    line: frame.payload.toString("utf8"),
  };
}

/** Appends a row that ClickHouse will not take, durably. @throws DeadLettersFullError */
export async function appendDeadLetter(
  spoolRoot: string,
  letter: DeadLetter,
  maxBytes = MAX_BYTES,
): Promise<void> {
  const directory = join(spoolRoot, DEAD_LETTERS_DIRECTORY);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, `${letter.spoolId}.ndjson`);
  const file = await open(path, "a+", 0o600);
  try {
    const { size } = await file.stat();
    // A crash or a full disk left the last line torn: this one must not become a part of it.
    const start = (await isTorn(file, size)) ? "\n" : "";
    const line = Buffer.from(`${start}${JSON.stringify(letter)}\n`);
    if (size + line.length > maxBytes) throw new DeadLettersFullError(path, maxBytes);
    await file.writeFile(line);
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function isTorn(file: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString("latin1") !== "\n";
}

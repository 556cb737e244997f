import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { FRAME_CALL, type Frame } from "../spool/frame.ts";
import { DeadLettersFullError } from "./errors.ts";
import type { RowSource } from "./insert-work.ts";

/** One line of `<spoolRoot>/dead-letters/<spoolId>.ndjson`. */
export interface DeadLetter {
  readonly spoolId: string;
  readonly epoch: number;
  /** With `spoolId` and `epoch` the identity of the record: a line may stand there twice. */
  readonly sequence: number;
  readonly type: "call" | "decision";
  readonly atMs: number;
  readonly code: string;
  readonly reason: string;
  /** The event as the proxy wrote it; a string when it is not JSON. */
  readonly event: unknown;
}

export const DEAD_LETTERS_DIRECTORY = "dead-letters";
const MAX_BYTES = 268_435_456;
const MAX_REASON_CHARACTERS = 500;

/** The dead letter for a frame. */
export function deadLetter(
  source: RowSource,
  frame: Frame,
  cause: { readonly atMs: number; readonly code: string; readonly reason: string },
): DeadLetter {
  return {
    spoolId: source.spoolId,
    epoch: source.epoch,
    sequence: frame.sequence,
    type: frame.type === FRAME_CALL ? "call" : "decision",
    atMs: cause.atMs,
    code: cause.code,
    reason: cause.reason.slice(0, MAX_REASON_CHARACTERS),
    event: parseOrText(frame.payload),
  };
}

function parseOrText(payload: Buffer): unknown {
  const text = payload.toString("utf8");
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
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
  const line = `${JSON.stringify(letter)}\n`;
  const file = await open(path, "a", 0o600);
  try {
    const { size } = await file.stat();
    if (size + line.length > maxBytes) throw new DeadLettersFullError(path, maxBytes);
    await file.writeFile(line);
    await file.datasync();
  } finally {
    await file.close();
  }
}

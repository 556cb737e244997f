import { join } from "node:path";
import { AuditDamagedError } from "../errors.ts";
import { type Head, parseHead } from "./head.ts";
import { HEADS_FILE, readLastNote } from "./heads-file.ts";
import { parseNote } from "./note.ts";

export interface LastHead {
  readonly head: Head;
  readonly note: string;
  /** Bytes of the file up to the end of that head. */
  readonly end: number;
}

/** The newest head of the log; null = none yet. @throws AuditDamagedError when it is none. */
export async function readLastHead(directory: string): Promise<LastHead | null> {
  const last = await readLastNote(join(directory, HEADS_FILE));
  if (last === null) return null;
  const head = parseHead(parseNote(last.note)?.text ?? "");
  if (head === null)
    throw new AuditDamagedError(`what stands in heads at byte ${last.offset} is no head`);
  return { head, note: last.note, end: last.end };
}

/** How many leaves the newest head has signed. */
export async function lastHeadSize(directory: string): Promise<number> {
  return (await readLastHead(directory))?.head.size ?? 0;
}

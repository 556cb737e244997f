import { open } from "node:fs/promises";
import { join } from "node:path";
import { AuditDamagedError } from "../errors.ts";
import type { AuditLog } from "../log/audit-log.ts";
import { isConsistent } from "../merkle/check.ts";
import { type Head, headText, noteDigest } from "./head.ts";
import { HEADS_FILE } from "./heads-file.ts";
import { type LastHead, readLastHead } from "./last-head.ts";
import type { HeadSigner } from "./signing-key.ts";

export interface HeadWriterOptions {
  readonly log: AuditLog;
  readonly signer: HeadSigner;
  readonly now: () => number;
}

/** A head as it stands in the file. */
export interface SignedHead {
  readonly head: Head;
  readonly note: string;
}

export interface HeadWriter {
  /** Signs what the log has now; the newest head again when that has it all and is not stale. */
  write(options?: { readonly force?: boolean }): Promise<SignedHead>;
  /** The newest head; null = none yet. */
  readonly last: SignedHead | null;
}

/** A log that has nothing new still shows that it is alive. */
const STALE_MS = 3_600_000;

/** @throws AuditDamagedError when the newest head cannot be read. */
export async function openHeadWriter(options: HeadWriterOptions): Promise<HeadWriter> {
  const { log, signer, now } = options;
  const path = join(log.directory, HEADS_FILE);
  let last = await readLastHead(log.directory);
  let turn: Promise<unknown> = Promise.resolve();
  const write = async (force: boolean): Promise<SignedHead> => {
    const roots = await log.roots();
    const timeMs = Math.max(now(), last?.head.timeMs ?? 0);
    if (last !== null) {
      const isNew = roots.size > last.head.size || timeMs - last.head.timeMs >= STALE_MS;
      if (!isNew && !force) return last;
      assertGoesOn(log, last.head, roots);
    }
    const previous = last === null ? null : noteDigest(last.note);
    const head: Head = { origin: signer.key.name, ...roots, timeMs, previous };
    const note = signer.sign(headText(head));
    last = { head, note, end: await appendNote(path, note, last?.end ?? 0) };
    return last;
  };
  return {
    write: ({ force = false } = {}) => {
      const done = turn.then(() => write(force));
      turn = done.catch(() => undefined);
      return done;
    },
    get last(): LastHead | null {
      return last;
    },
  };
}

type Roots = Pick<Head, "size" | "root" | "entriesRoot">;

// A log must never sign a head that does not go on from its last one (C2SP tlog-checkpoint).
function assertGoesOn({ reader }: AuditLog, last: Head, next: Roots): void {
  const claim = {
    first: last.size,
    second: next.size,
    firstRoot: last.root,
    secondRoot: next.root,
    path: last.size <= next.size ? reader.consistencyPath(last.size, next.size) : [],
  };
  // The second tree goes on from the first in whole blocks only, so its old root is compared.
  const isSame = reader.roots(last.size).entriesRoot.equals(last.entriesRoot);
  if (isSame && isConsistent(claim)) return;
  throw new AuditDamagedError(`it does not go on from its head of ${last.size} leaves`);
}

/** Appends behind `position`, over what a crash has left there. @returns where the file ends. */
export async function appendNote(path: string, note: string, position: number): Promise<number> {
  const bytes = Buffer.from(`${note}\n`);
  const file = await open(path, position === 0 ? "w" : "r+", 0o600);
  try {
    await file.truncate(position);
    await file.write(bytes, 0, bytes.length, position);
    await file.datasync();
    return position + bytes.length;
  } finally {
    await file.close();
  }
}

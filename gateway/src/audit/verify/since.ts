import { existsSync } from "node:fs";
import { join } from "node:path";
import { findHead } from "../heads/find-head.ts";
import { type Head, parseHead } from "../heads/head.ts";
import { HEADS_FILE, readLastNote } from "../heads/heads-file.ts";
import { checkNote, parseNote, type VerifierKey } from "../heads/note.ts";
import { AuditNotFoundError } from "../errors.ts";

/**
 * The head that `--since` names: the size of one in the log, or a file, of which the last head
 * counts.
 * @throws AuditNotFoundError when there is none, or the key has not signed it.
 */
export async function findSince(directory: string, since: string, key: VerifierKey): Promise<Head> {
  const isSize = /^\d+$/.test(since);
  if (!isSize && !existsSync(since)) throw new AuditNotFoundError(`There is no file ${since}.`);
  const note = isSize ? await noteOfSize(directory, Number(since)) : await lastNote(since);
  const parsed = note === null ? null : parseNote(note);
  const head = parsed === null ? null : parseHead(parsed.text);
  if (parsed === null || head === null) {
    const message = isSize
      ? `The log has no head of ${since} leaves.`
      : `${since} holds no head of an audit log.`;
    throw new AuditNotFoundError(message);
  }
  if (checkNote(parsed, key) === "valid") return head;
  throw new AuditNotFoundError(`The key of this log has not signed the head ${since}.`);
}

async function noteOfSize(directory: string, size: number): Promise<string | null> {
  const found = await findHead(join(directory, HEADS_FILE), size);
  return found?.head.size === size ? found.found.note : null;
}

async function lastNote(path: string): Promise<string | null> {
  return (await readLastNote(path))?.note ?? null;
}

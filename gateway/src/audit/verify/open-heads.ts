import { existsSync } from "node:fs";
import { join } from "node:path";
import { findHead } from "../heads/find-head.ts";
import type { Head } from "../heads/head.ts";
import { HEADS_FILE, readNotes } from "../heads/heads-file.ts";
import type { VerifierKey } from "../heads/note.ts";
import { type CheckedHead, HeadChecker } from "./check-heads.ts";
import type { Finding } from "./finding.ts";

/** The heads of a log, in order, from the one to go on from. */
export interface OpenHeads {
  readonly checker: HeadChecker;
  readonly since: Head | undefined;
  /** The next head that can be held against leaves; undefined = there is none. */
  next(): Promise<CheckedHead | undefined>;
}

/** Begins with the first head that has the leaves of `since`, found by halving. */
export async function openHeads(
  directory: string,
  key: VerifierKey,
  since: Head | undefined,
  report: (finding: Finding) => void,
): Promise<OpenHeads> {
  const path = join(directory, HEADS_FILE);
  const start = since === undefined || !existsSync(path) ? null : await findHead(path, since.size);
  const checker = new HeadChecker(key, report, { fromStart: since === undefined });
  const notes = readNotes(path, start?.found.offset ?? 0);
  return {
    checker,
    since,
    next: async () => {
      for (;;) {
        const { value, done } = await notes.next();
        if (done === true) {
          checker.finish();
          return undefined;
        }
        const checked = checker.check(value);
        if (checked !== null && checked.head.size >= (since?.size ?? 0)) return checked;
      }
    },
  };
}

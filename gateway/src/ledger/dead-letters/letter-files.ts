import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import type { DeadLetter } from "../ship/dead-letters.ts";
import { readLines } from "../lines/read-lines.ts";
import { DEAD_LETTERS_DIRECTORY } from "../ship/dead-letters.ts";

const count = Type.Integer({ minimum: 0 });
const EXTENSION = ".ndjson";
/** A file that was discarded keeps its extension, so that erasing and verifying still find it. */
const DISCARDED = /\.discarded-\d{8}T\d{6}\d{3}Z\.ndjson$/;

/** Compared with a line before it is taken for a dead letter. */
const Letter = Type.Object({
  spoolId: Type.String(),
  epoch: count,
  sequence: count,
  table: Type.Union([
    Type.Literal("calls"),
    Type.Literal("decisions"),
    Type.Literal("admin_log"),
    Type.Literal("access_log"),
    Type.Literal("content"),
  ]),
  version: Type.Integer({ minimum: 1 }),
  partition: Type.String({ pattern: "^\\d{8}$" }),
  atMs: Type.Integer(),
  code: Type.String(),
  reason: Type.String(),
  line: Type.String(),
});

/** A file beside the spools with what could not be shipped. */
export const DeadLetterFile = Type.Object(
  {
    name: Type.String(),
    kind: Type.Union([
      Type.Literal("rows"),
      Type.Literal("discarded"),
      /** What of a damaged segment could not be read. */
      Type.Literal("corrupt"),
    ]),
    /** Empty unless it holds rows of one spool that wait. */
    spoolId: Type.String(),
    bytes: count,
  },
  { additionalProperties: false },
);
export type DeadLetterFile = Static<typeof DeadLetterFile>;

export function letterPath(spoolRoot: string, spoolId: string): string {
  return join(spoolRoot, DEAD_LETTERS_DIRECTORY, `${spoolId}${EXTENSION}`);
}

/** All files of dead letters, by name; none when there is no such directory. */
export async function listDeadLetterFiles(spoolRoot: string): Promise<DeadLetterFile[]> {
  const directory = join(spoolRoot, DEAD_LETTERS_DIRECTORY);
  const names = (await readdir(directory).catch(nullWhenGone)) ?? [];
  const files: DeadLetterFile[] = [];
  for (const name of names.toSorted((one, other) => (one < other ? -1 : 1))) {
    const kind = kindOf(name);
    if (kind === null) continue;
    const spoolId = kind === "rows" ? name.slice(0, -EXTENSION.length) : "";
    // Somebody may have retried or discarded it since its name was read.
    const found = await stat(join(directory, name)).catch(nullWhenGone);
    if (found !== null) files.push({ name, kind, spoolId, bytes: found.size });
  }
  return files;
}

function kindOf(name: string): DeadLetterFile["kind"] | null {
  if (name.endsWith(".corrupt")) return "corrupt";
  if (!name.endsWith(EXTENSION)) return null;
  return DISCARDED.test(name) ? "discarded" : "rows";
}

/** A line of such a file, as it stands there from byte `start` to just before `end`. */
export type LetterLine = { readonly start: number; readonly end: number } & (
  | { readonly letter: DeadLetter; readonly bytes: Buffer }
  /** No dead letter: torn by a crash or damaged. Without its bytes when it is too long to be held. */
  | { readonly letter: null; readonly bytes: Buffer | null }
);

/** The lines of a file in order, but for empty ones; none when it does not exist. */
export async function* readLetterLines(path: string): AsyncGenerator<LetterLine> {
  await using file = await open(path).catch(nullWhenGone);
  if (file === null) return;
  const source = file.createReadStream({ autoClose: false });
  for await (const { start, end, bytes } of readLines(source, { whenLonger: "skip" })) {
    if (start === end) continue;
    const letter = bytes === null ? null : parseLetter(bytes.toString("utf8"));
    if (letter === null || bytes === null) yield { start, end, letter: null, bytes };
    else yield { start, end, letter, bytes };
  }
}

function nullWhenGone(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}

function parseLetter(text: string): DeadLetter | null {
  try {
    const value: unknown = JSON.parse(text);
    return Value.Check(Letter, value) ? value : null;
  } catch {
    return null;
  }
}

/** What tells a row from all others; a crash may have left a letter twice. */
export function letterKey({
  spoolId,
  epoch,
  sequence,
}: Pick<DeadLetter, "spoolId" | "epoch" | "sequence">): string {
  return `${spoolId}@${epoch}:${sequence}`;
}

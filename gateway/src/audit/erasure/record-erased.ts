import { hash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { replaceFile } from "../log/checkpoint.ts";
import { makeDirectory } from "../log/make-directory.ts";
import type { AuditSource } from "../log/sources.ts";

/** The action of the admin_log row that says that rows were erased. */
export const ERASE_ACTION = "person.erase";

const ERASURES_DIRECTORY = "erasures";
const MAX_BYTES = 268_435_456;
const count = Type.Integer({ minimum: 0 });

/** `erasures/<tombstone id>.json`: where the erased rows stood, and nothing of what they said. */
const Erasure = Type.Object(
  {
    version: Type.Literal(1),
    tombstoneId: Type.String({ pattern: "^[A-Za-z0-9-]{1,64}$" }),
    erased: Type.Array(
      Type.Object({
        spoolId: Type.String(),
        epoch: count,
        /** First and last sequence of each run. */
        sequences: Type.Array(Type.Tuple([count, count])),
      }),
    ),
  },
  { additionalProperties: false },
);
export type Erasure = Static<typeof Erasure>;

export interface ErasedEntry extends AuditSource {
  readonly sequence: number;
}

/**
 * Writes down durably which leaves lose their rows, before these are deleted.
 * @param directory `<dataDir>/audit`
 * @returns SHA-256 of the file in hex, which the tombstone's own row must hold in its `after`: else
 * the leaves count as missing.
 */
export async function recordErased(
  directory: string,
  tombstoneId: string,
  entries: readonly ErasedEntry[],
): Promise<{ readonly digest: string }> {
  const erasure = Value.Parse(Erasure, { version: 1, tombstoneId, erased: runsOf(entries) });
  const text = `${JSON.stringify(erasure)}\n`;
  const folder = join(directory, ERASURES_DIRECTORY);
  await makeDirectory(folder);
  await replaceFile(folder, `${tombstoneId}.json`, text);
  return { digest: hash("sha256", text, "hex") };
}

export interface ReadErasure {
  readonly file: string;
  readonly digest: string;
  /** null = the file is none. */
  readonly erasure: Erasure | null;
}

/** Every erasure that is claimed; whether a leaf says so is another question. */
export async function readErasures(directory: string): Promise<ReadErasure[]> {
  const folder = join(directory, ERASURES_DIRECTORY);
  if (!existsSync(folder)) return [];
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json")).toSorted();
  const read: ReadErasure[] = [];
  for (const name of names) {
    const text = await readFile(join(folder, name));
    const digest = hash("sha256", text, "hex");
    read.push({ file: `${ERASURES_DIRECTORY}/${name}`, digest, erasure: parse(text) });
  }
  return read;
}

function parse(text: Buffer): Erasure | null {
  if (text.length > MAX_BYTES) return null;
  try {
    return Value.Parse(Erasure, JSON.parse(text.toString("utf8")));
  } catch {
    return null;
  }
}

function runsOf(entries: readonly ErasedEntry[]): Erasure["erased"] {
  const bySource = new Map<string, { source: AuditSource; sequences: number[] }>();
  for (const { spoolId, epoch, sequence } of entries) {
    const key = `${spoolId}@${epoch}`;
    const group = bySource.get(key) ?? { source: { spoolId, epoch }, sequences: [] };
    group.sequences.push(sequence);
    bySource.set(key, group);
  }
  return [...bySource.values()].map(({ source, sequences }) => {
    const runs: [number, number][] = [];
    for (const sequence of sequences.toSorted((one, other) => one - other)) {
      const last = runs.at(-1);
      if (last !== undefined && sequence <= last[1] + 1) last[1] = sequence;
      else runs.push([sequence, sequence]);
    }
    return { spoolId: source.spoolId, epoch: source.epoch, sequences: runs };
  });
}

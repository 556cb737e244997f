import { type Static, Type } from "typebox";
import { AuditNotFoundError } from "../errors.ts";
import type { Head } from "../heads/head.ts";
import { parseHead } from "../heads/head.ts";
import { readLastHead } from "../heads/last-head.ts";
import { checkNote, parseNote, type VerifierKey } from "../heads/note.ts";
import { AuditReader } from "../log/audit-reader.ts";
import { isAuditTable } from "../log/entry.ts";
import { LeafHasher } from "../log/leaf-input.ts";
import { isConsistent, isIncluded } from "../merkle/check.ts";
import { uuidText } from "../verify/describe-leaf.ts";
import { findLeaf } from "./find-leaf.ts";

const base64 = Type.String({ pattern: "^[A-Za-z0-9+/]+=*$" });
const count = Type.Integer({ minimum: 0 });

/** What proves one row to be in the log; hashes in base64. Whoever has the row can check it. */
export const Proof = Type.Object(
  {
    version: Type.Literal(1),
    leaf: count,
    entry: Type.Object(
      {
        table: Type.String(),
        layout: count,
        atMs: count,
        spoolId: Type.String(),
        epoch: count,
        sequence: count,
        id: Type.String(),
        leafHash: base64,
      },
      { additionalProperties: false },
    ),
    inclusionPath: Type.Array(base64),
    /** The signed head that the path leads to. */
    checkpoint: Type.String(),
    consistency: Type.Optional(
      Type.Object({ size: count, path: Type.Array(base64) }, { additionalProperties: false }),
    ),
  },
  { additionalProperties: false },
);
export type Proof = Static<typeof Proof>;

/**
 * Proves the row with that id by the newest head, and that head to go on from an older one.
 * @throws AuditNotFoundError when no leaf or no head has it.
 */
export async function proveRow(directory: string, id: string, since?: Head): Promise<Proof> {
  const last = await readLastHead(directory);
  if (last === null) throw new AuditNotFoundError("There is no signed head yet.");
  const { size } = last.head;
  const reader = new AuditReader(directory);
  try {
    const leaf = findLeaf(reader, id);
    if (leaf === null) throw new AuditNotFoundError(`No leaf has the id ${id}.`);
    if (leaf >= size)
      throw new AuditNotFoundError(`The row ${id} is leaf ${leaf}, which no head has signed yet.`);
    const { leafHash, source, id: hex, ...entry } = reader.entryAt(leaf);
    const { spoolId = "", epoch = 0 } = reader.sources().get(source) ?? {};
    const consistency =
      since === undefined
        ? {}
        : {
            consistency: {
              size: since.size,
              path: texts(reader.consistencyPath(since.size, size)),
            },
          };
    return {
      version: 1,
      leaf,
      entry: { ...entry, spoolId, epoch, id: uuidText(hex), leafHash: leafHash.toString("base64") },
      inclusionPath: texts(reader.inclusionPath(leaf, size)),
      checkpoint: last.note,
      ...consistency,
    };
  } finally {
    reader.close();
  }
}

/** What is wrong with a proof; empty = it holds. With `line`, also that it is that row's. */
export function checkProof(
  proof: Proof,
  key: VerifierKey,
  { line, since }: { readonly line?: Buffer; readonly since?: Head } = {},
): string {
  const note = parseNote(proof.checkpoint);
  const head = note === null ? null : parseHead(note.text);
  if (note === null || head === null) return "the checkpoint is none";
  if (checkNote(note, key) !== "valid") return "the key has not signed the checkpoint";
  const { leaf, entry, consistency } = proof;
  const leafHash = Buffer.from(entry.leafHash, "base64");
  const path = hashes(proof.inclusionPath);
  const { size, root } = head;
  if (!isIncluded({ index: leaf, size, leafHash, path, root }))
    return "the path does not lead to the root";
  if (line !== undefined) {
    const { table, layout } = entry;
    if (!isAuditTable(table)) return "the table has no leaves";
    if (!new LeafHasher().hash(table, layout, line).equals(leafHash))
      return "the row is another one";
  }
  if (since === undefined) return "";
  const claim = { first: since.size, second: size, firstRoot: since.root, secondRoot: root };
  const isProved =
    consistency?.size === since.size && isConsistent({ ...claim, path: hashes(consistency.path) });
  return isProved ? "" : "the checkpoint does not go on from the older head";
}

function texts(path: readonly Buffer[]): string[] {
  return path.map((each) => each.toString("base64"));
}

function hashes(path: readonly string[]): Buffer[] {
  return path.map((each) => Buffer.from(each, "base64"));
}

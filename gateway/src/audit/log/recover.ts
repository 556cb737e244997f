import { existsSync, statSync } from "node:fs";
import { type FileHandle, open, readFile, truncate } from "node:fs/promises";
import { join } from "node:path";
import { AuditDamagedError } from "../errors.ts";
import { BLOCK_ENTRIES, ENTRIES_FILE } from "./audit-reader.ts";
import { type Checkpoint, readCheckpoint } from "./checkpoint.ts";
import { treeFrom } from "../merkle/growing-tree.ts";
import { type Edge, edgeFrom, growEdge, newEdgeNodes } from "./edge.ts";
import { ENTRY_BYTES, isEntry, sequenceAt, sourceAt } from "./entry.ts";
import { LevelReader, type LevelWriter } from "./level-files.ts";
import { type AuditSource, parseSources, SOURCES_FILE } from "./sources.ts";

export interface Recovered {
  readonly edge: Edge;
  readonly sources: Map<string, AuditSource>;
  /** By source reference: the highest sequence. */
  readonly through: Map<string, number>;
  /** Bytes of a batch whose writing was broken off, which have been set aside. */
  readonly tornBytes: number;
}

export interface RecoverOptions {
  readonly directory: string;
  /** Size of the last signed head: what a head has signed is never cut. */
  readonly signedSize: number;
  /** Unix milliseconds, for the name of what is set aside. */
  readonly nowMs: number;
  readonly levels: LevelWriter;
  readonly blocks: LevelWriter;
}

const READ_ENTRIES = 32 * BLOCK_ENTRIES;

/**
 * Brings the files of a log in order after whatever has ended its last writer: reads what came
 * after the checkpoint, sets a torn tail aside and writes the levels behind the checkpoint anew.
 * @throws AuditDamagedError when what was on the disk for certain is not there any more.
 */
export async function recoverLog(options: RecoverOptions): Promise<Recovered> {
  const { directory, levels, blocks } = options;
  const sources = await recoverSources(directory);
  const checkpoint = await readCheckpoint(directory);
  const path = join(directory, ENTRIES_FILE);
  const bytes = existsSync(path) ? statSync(path).size : 0;
  const known = Math.max(checkpoint.size, options.signedSize);
  if (bytes < known * ENTRY_BYTES) {
    const left = Math.floor(bytes / ENTRY_BYTES);
    throw new AuditDamagedError(`the file entries has ${left} of ${known} leaves`);
  }
  const edge = edgeAt(directory, checkpoint);
  const through = new Map(Object.entries(checkpoint.through));
  const file = await open(path, existsSync(path) ? "r+" : "wx+", 0o600);
  try {
    const nodes = newEdgeNodes();
    for await (const { buffer, offset } of entriesFrom(file, edge.rows.size)) {
      const source = isEntry(buffer, offset) ? sourceAt(buffer, offset) : "";
      if (!sources.has(source)) break;
      const sequence = sequenceAt(buffer, offset);
      through.set(source, Math.max(sequence, through.get(source) ?? sequence));
      growEdge(edge, buffer, offset, nodes);
    }
    const { size } = edge.rows;
    if (size < known) throw new AuditDamagedError(`leaf ${size} is not an entry`);
    const tornBytes = bytes - size * ENTRY_BYTES;
    if (tornBytes > 0) await setAside(file, options, size * ENTRY_BYTES, tornBytes);
    await levels.write(nodes.rows.seal());
    await blocks.write(nodes.blocks.seal());
    await levels.cut(size);
    await blocks.cut(Math.floor(size / BLOCK_ENTRIES));
    return { edge, sources, through, tornBytes };
  } finally {
    await file.close();
  }
}

/** Both trees at the last whole block before the checkpoint, from the level files. */
function edgeAt(directory: string, { size }: Checkpoint): Edge {
  const whole = Math.floor(size / BLOCK_ENTRIES);
  const levels = new LevelReader(directory, "level");
  const blocks = new LevelReader(directory, "block");
  try {
    // A multiple of 256 has no subtree below level 8 at its edge, so no leaf is asked for.
    const rows = treeFrom(whole * BLOCK_ENTRIES, (level, index) => levels.nodeAt(level, index));
    return edgeFrom(
      rows,
      treeFrom(whole, (level, index) => blocks.nodeAt(level, index)),
    );
  } finally {
    levels.close();
    blocks.close();
  }
}

async function* entriesFrom(file: FileHandle, first: number) {
  const buffer = Buffer.alloc(READ_ENTRIES * ENTRY_BYTES);
  for (let position = first * ENTRY_BYTES; ;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
    const end = bytesRead - (bytesRead % ENTRY_BYTES);
    for (let offset = 0; offset < end; offset += ENTRY_BYTES) yield { buffer, offset };
    if (bytesRead < buffer.length) return;
    position += end;
  }
}

async function recoverSources(directory: string): Promise<Map<string, AuditSource>> {
  const path = join(directory, SOURCES_FILE);
  if (!existsSync(path)) return new Map();
  const text = await readFile(path, "utf8");
  const parsed = parseSources(text);
  const [badLine] = parsed.badLines;
  if (badLine !== undefined)
    throw new AuditDamagedError(`line ${badLine} of sources is not what was written`);
  // A line is written before any entry refers to it, so none is lost with a torn one.
  if (Buffer.byteLength(text) > parsed.bytes) await truncate(path, parsed.bytes);
  return new Map(parsed.byRef);
}

// Moved, not dropped: should it ever be more than a torn batch, it can still be looked at.
async function setAside(
  file: FileHandle,
  { directory, nowMs }: RecoverOptions,
  position: number,
  length: number,
): Promise<void> {
  const torn = await open(join(directory, `torn-${nowMs}-${position}`), "w", 0o600);
  try {
    const buffer = Buffer.alloc(Math.min(length, READ_ENTRIES * ENTRY_BYTES));
    for (let done = 0; done < length;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, position + done);
      if (bytesRead === 0) break;
      await torn.write(buffer, 0, bytesRead);
      done += bytesRead;
    }
    await torn.datasync();
  } finally {
    await torn.close();
  }
  await file.truncate(position);
  await file.datasync();
}

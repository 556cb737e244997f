import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type HeldLock, holdLock } from "../../ledger/lock/hold-lock.ts";
import { syncDirectory } from "../../ledger/spool/sync-directory.ts";
import { AuditClosedError, AuditOrderError } from "../errors.ts";
import { lastHeadSize } from "../heads/last-head.ts";
import { AuditReader, ENTRIES_FILE, type Roots } from "./audit-reader.ts";
import { writeCheckpoint } from "./checkpoint.ts";
import { copyEdge, type Edge, entriesRootOf, growEdge, newEdgeNodes } from "./edge.ts";
import { type AuditTable, ENTRY_BYTES, idOffset, LEAF_OFFSET, sealEntry } from "./entry.ts";
import { writeIdOf } from "./entry-id.ts";
import { LeafHasher } from "./leaf-input.ts";
import { LevelWriter } from "./level-files.ts";
import { makeDirectory } from "./make-directory.ts";
import { recoverLog } from "./recover.ts";
import { type AuditSource, sourceLine, sourceRef, SOURCES_FILE } from "./sources.ts";

/** A row that becomes a leaf. */
export interface AuditLeaf {
  readonly table: AuditTable;
  /** Layout version of the line. */
  readonly layout: number;
  /** Time of the event, Unix milliseconds. */
  readonly atMs: number;
  readonly sequence: number;
  /** The row's line in UTF-8, without its newline. */
  readonly line: Buffer;
}

export interface AuditLogOptions {
  /** `<dataDir>/audit`, made when it is not there. */
  readonly directory: string;
  readonly now: () => number;
  /** How long to wait for a writer that is ending. Default 0. */
  readonly lockWaitMs?: number;
}

export interface Appended {
  readonly size: number;
  /** Fewer than were handed over when the log had some already. */
  readonly appended: number;
}

/** The one writer of the audit log of a data directory. */
export interface AuditLog {
  /**
   * Appends leaves of one source, whose sequences rise, and makes them durable; what the source
   * has in the log already is left out, so that a batch may be repeated.
   * @throws AuditOrderError, AuditClosedError, or the error of the file system: then nothing of
   * the batch counts, and it may be repeated.
   */
  append(source: AuditSource, leaves: readonly AuditLeaf[]): Promise<Appended>;
  /** The highest sequence that the log has of the source; -1 = nothing. */
  appendedThrough(source: AuditSource): number;
  /** Waits for the appends that have begun. */
  roots(): Promise<Roots & { readonly size: number }>;
  readonly size: number;
  readonly directory: string;
  /** Bytes of a torn batch that opening has set aside. */
  readonly tornBytes: number;
  /** Reads what has been appended; closed with the log. */
  readonly reader: AuditReader;
  close(): Promise<void>;
}

const TURN_LEAVES = 2_048;
/** How many leaves an opening after a crash reads at most, besides a batch. */
const CHECKPOINT_LEAVES = 65_536;

/**
 * Opens the log for appending.
 * @throws LockedError when another process writes it, AuditDamagedError.
 */
export async function openAuditLog(options: AuditLogOptions): Promise<AuditLog> {
  const { directory, now, lockWaitMs = 0 } = options;
  await makeDirectory(directory);
  const lock = await holdLock(join(directory, "lock.db"), "The audit log", lockWaitMs);
  const writer = new AuditWriter(directory, now, lock);
  try {
    await writer.recover();
    return writer;
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

class AuditWriter implements AuditLog {
  readonly directory: string;
  readonly #now: () => number;
  readonly #lock: HeldLock;
  readonly #hasher = new LeafHasher();
  readonly #levels: LevelWriter;
  readonly #blocks: LevelWriter;
  #entries: FileHandle | null = null;
  #reader: AuditReader | null = null;
  #edge: Edge | null = null;
  #sources = new Map<string, AuditSource>();
  #through = new Map<string, number>();
  #checkpointSize = 0;
  #isClosed = false;
  #last: Promise<unknown> = Promise.resolve();
  tornBytes = 0;

  constructor(directory: string, now: () => number, lock: HeldLock) {
    this.directory = directory;
    this.#now = now;
    this.#lock = lock;
    this.#levels = new LevelWriter(directory, "level");
    this.#blocks = new LevelWriter(directory, "block");
  }

  get size(): number {
    return this.#edge?.rows.size ?? 0;
  }

  get reader(): AuditReader {
    if (this.#reader === null) throw new AuditClosedError();
    return this.#reader;
  }

  appendedThrough(source: AuditSource): number {
    return this.#through.get(sourceRef(source)) ?? -1;
  }

  append(source: AuditSource, leaves: readonly AuditLeaf[]): Promise<Appended> {
    return this.#inTurn(async () => {
      const edge = await this.#readyEdge();
      try {
        return await this.#appendTo(edge, source, leaves);
      } catch (error) {
        // What the files hold now is unknown: the next append looks, and begins from there.
        if (!(error instanceof AuditOrderError)) this.#edge = null;
        throw error;
      }
    });
  }

  roots(): Promise<Roots & { size: number }> {
    return this.#inTurn(async () => {
      const edge = await this.#readyEdge();
      return { size: edge.rows.size, root: edge.rows.root(), entriesRoot: entriesRootOf(edge) };
    });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    await this.#inTurn(async () => {
      this.#isClosed = true;
      try {
        if (this.#edge !== null) await this.#checkpoint(this.#edge);
      } finally {
        await this.abandon();
      }
    });
  }

  async abandon(): Promise<void> {
    this.#isClosed = true;
    this.#reader?.close();
    this.#reader = null;
    await this.#entries?.close();
    await this.#levels.close();
    await this.#blocks.close();
    this.#lock.release();
  }

  async recover(): Promise<Edge> {
    const { directory } = this;
    const recovered = await recoverLog({
      directory,
      signedSize: await lastHeadSize(directory),
      nowMs: this.#now(),
      levels: this.#levels,
      blocks: this.#blocks,
    });
    this.#entries ??= await open(join(directory, ENTRIES_FILE), "r+");
    this.#reader ??= new AuditReader(directory);
    this.#sources = recovered.sources;
    this.#through = recovered.through;
    this.tornBytes += recovered.tornBytes;
    await this.#checkpoint(recovered.edge);
    this.#edge = recovered.edge;
    return recovered.edge;
  }

  async #readyEdge(): Promise<Edge> {
    if (this.#isClosed) throw new AuditClosedError();
    return this.#edge ?? this.recover();
  }

  async #appendTo(edge: Edge, source: AuditSource, leaves: readonly AuditLeaf[]) {
    const ref = sourceRef(source);
    const through = this.#through.get(ref) ?? -1;
    const fresh = freshLeaves(source, leaves, through);
    if (fresh.length === 0) return { size: edge.rows.size, appended: 0 };
    const start = edge.rows.size;
    const { entries, grown, nodes } = await this.#grow(edge, Buffer.from(ref, "hex"), fresh);
    if (!this.#sources.has(ref)) await this.#addSource(ref, source);
    const file = this.#entries;
    if (file === null) throw new AuditClosedError();
    await writeWhole(file, entries, start * ENTRY_BYTES);
    await file.datasync();
    await this.#levels.write(nodes.rows.seal());
    await this.#blocks.write(nodes.blocks.seal());
    this.#edge = grown;
    this.#through.set(ref, fresh.at(-1)?.sequence ?? through);
    if (grown.rows.size - this.#checkpointSize >= CHECKPOINT_LEAVES) await this.#checkpoint(grown);
    return { size: grown.rows.size, appended: fresh.length };
  }

  async #grow(edge: Edge, ref: Buffer, leaves: readonly AuditLeaf[]) {
    const grown = copyEdge(edge);
    const nodes = newEdgeNodes();
    const entries = Buffer.alloc(leaves.length * ENTRY_BYTES);
    for (const [index, leaf] of leaves.entries()) {
      const offset = index * ENTRY_BYTES;
      writeIdOf(leaf.line, entries, idOffset(offset));
      const digest = this.#hasher.binary(leaf.table, leaf.layout, leaf.line);
      entries.write(digest, offset + LEAF_OFFSET, "binary");
      sealEntry(entries, offset, leaf, ref);
      growEdge(grown, entries, offset, nodes);
      // Control answers requests in between.
      if (index % TURN_LEAVES === TURN_LEAVES - 1) await nextTurn();
    }
    return { entries, grown, nodes };
  }

  async #addSource(ref: string, source: AuditSource): Promise<void> {
    const file = await open(join(this.directory, SOURCES_FILE), "a", 0o600);
    try {
      await file.writeFile(sourceLine(source));
      await file.datasync();
    } finally {
      await file.close();
    }
    await syncDirectory(this.directory);
    this.#sources.set(ref, source);
  }

  async #checkpoint({ rows: { size } }: Edge): Promise<void> {
    await this.#levels.sync();
    await this.#blocks.sync();
    await syncDirectory(this.directory);
    const through = Object.fromEntries(this.#through);
    await writeCheckpoint(this.directory, { version: 1, size, through });
    this.#checkpointSize = size;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}

function freshLeaves(
  { spoolId, epoch }: AuditSource,
  leaves: readonly AuditLeaf[],
  through: number,
): readonly AuditLeaf[] {
  let before = -1;
  for (const { sequence } of leaves) {
    if (sequence <= before) throw new AuditOrderError(`${spoolId}@${epoch}`, sequence, before);
    before = sequence;
  }
  return leaves.filter(({ sequence }) => sequence > through);
}

async function writeWhole(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

import { layouts } from "../rows/record.ts";
import { columnsOf, partitionOf } from "../rows/layout.ts";
import type { ShipWork } from "../spool/cursor.ts";
import type { Frame } from "../spool/frame.ts";
import { recordTypeOf } from "../spool/frame-type.ts";

const DAY_MS = 86_400_000;
const NEWLINE = 10;

/** A row was written by a newer Weir than this one. It waits, and nothing is lost. */
export class UnknownLayoutError extends Error {
  readonly code = "WEIR_LEDGER_UNKNOWN_LAYOUT";

  constructor(options: ErrorOptions) {
    super("The spool holds rows of a newer Weir. Start that one; this one leaves them.", options);
    this.name = "UnknownLayoutError";
  }
}

/** Which INSERT the row of a frame belongs into. */
export type Destination = Pick<ShipWork, "table" | "version" | "partition">;

/** Sorts the frames of a batch by the INSERT that each belongs into, in order of appearance. */
export function groupFrames(frames: readonly Frame[]): Map<Destination, Frame[]> {
  const groups = new Map<string, { destination: Destination; frames: Frame[] }>();
  for (const frame of frames) {
    const key = `${frame.type}:${frame.version}:${Math.floor(frame.timeMs / DAY_MS)}`;
    let group = groups.get(key);
    if (group === undefined) {
      group = { destination: destinationOf(frame), frames: [] };
      groups.set(key, group);
    }
    group.frames.push(frame);
  }
  return new Map([...groups.values()].map((group) => [group.destination, group.frames]));
}

/** @throws UnknownLayoutError */
function destinationOf({ type, version, timeMs }: Frame): Destination {
  const record = recordTypeOf(type);
  if (record === undefined) throw new Error("A seal is no row");
  const layout = layouts[record];
  try {
    columnsOf(layout, version);
  } catch (cause) {
    throw new UnknownLayoutError({ cause });
  }
  return { table: layout.table, version, partition: partitionOf(timeMs) };
}

/** One INSERT for each destination, each named by the range of the batch. */
export function planWork(
  groups: ReadonlyMap<Destination, unknown>,
  first: number,
  last: number,
): ShipWork[] {
  return [...groups.keys()].map(({ table, version, partition }) => {
    return { table, version, partition, first, last, attempt: 0 };
  });
}

/** The frames that a piece of work inserts. */
export function framesOf(
  work: ShipWork,
  groups: ReadonlyMap<Destination, readonly Frame[]>,
): readonly Frame[] {
  for (const [{ table, version, partition }, frames] of groups) {
    if (table !== work.table || version !== work.version || partition !== work.partition) continue;
    return frames.filter(({ sequence }) => sequence >= work.first && sequence <= work.last);
  }
  return [];
}

/** Halves work by its rows, of which there are at least two. The halves have tokens of their own. */
export function splitWork(work: ShipWork, frames: readonly Frame[]): [ShipWork, ShipWork] {
  const middle = frames[Math.floor(frames.length / 2)];
  const cut = middle?.sequence ?? work.last;
  return [
    { ...work, last: cut - 1, attempt: 0 },
    { ...work, first: cut, attempt: 0 },
  ];
}

/** The lines of the frames, one after the other, each with its newline. */
export function linesOf(frames: readonly Frame[]): Buffer {
  const bytes = frames.reduce((sum, { payload }) => sum + payload.length + 1, 0);
  const lines = Buffer.allocUnsafe(bytes);
  let at = 0;
  for (const { payload } of frames) {
    payload.copy(lines, at);
    at += payload.length;
    lines[at] = NEWLINE;
    at += 1;
  }
  return lines;
}

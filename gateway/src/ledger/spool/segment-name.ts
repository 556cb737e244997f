import { readdir } from "node:fs/promises";

const DIGITS = 20;
const PATTERN = /^(\d{20})\.seg$/;

export interface SegmentName {
  readonly name: string;
  readonly firstSequence: number;
}

/** File name of the segment that starts with `firstSequence`; names sort as sequences do. */
export function segmentName(firstSequence: number): string {
  return `${String(firstSequence).padStart(DIGITS, "0")}.seg`;
}

/** The segments of a spool directory in order; none when the directory does not exist. */
export async function listSegments(directory: string): Promise<SegmentName[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const segments: SegmentName[] = [];
  for (const name of names) {
    const digits = PATTERN.exec(name)?.[1];
    if (digits !== undefined) segments.push({ name, firstSequence: Number(digits) });
  }
  return segments.toSorted((a, b) => a.firstSequence - b.firstSequence);
}

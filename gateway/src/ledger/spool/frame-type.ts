import type { RecordType } from "../rows/record.ts";

/** How a frame says what record it holds. Numbers are never used anew. */
const FRAME_TYPES: Readonly<Record<RecordType, number>> = {
  call: 1,
  decision: 2,
  admin: 3,
  access: 4,
  content: 5,
};

const RECORD_TYPES = new Map<number, RecordType>(
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- keys of the record above
  (Object.entries(FRAME_TYPES) as [RecordType, number][]).map(([type, number]) => [number, type]),
);

export function frameTypeOf(type: RecordType): number {
  return FRAME_TYPES[type];
}

/** @returns undefined for a seal and for what this Weir does not know. */
export function recordTypeOf(frameType: number): RecordType | undefined {
  return RECORD_TYPES.get(frameType);
}

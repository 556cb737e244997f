/** What one spool's shipper has counted. */
export interface ShipTally {
  batches: number;
  lostRows: number;
  corruptBytes: number;
  lagBytes: number;
  frameBytes: number;
  frames: number;
  oldestUnshippedAtMs: number | null;
  /** Something that is not a record stands at the end of the spool. */
  fault: string;
}

export function newTally(): ShipTally {
  return {
    batches: 0,
    lostRows: 0,
    corruptBytes: 0,
    lagBytes: 0,
    frameBytes: 0,
    frames: 0,
    oldestUnshippedAtMs: null,
    fault: "",
  };
}

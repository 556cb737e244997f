import type { ActiveSegment } from "./active-segment.ts";
import type { SpoolOptions } from "./open-spool.ts";

/** Whether the next batch belongs into a new segment: this one is broken, large or old enough. */
export function isDone(
  segment: ActiveSegment,
  batchBytes: number,
  options: Pick<Required<SpoolOptions>, "segmentBytes" | "segmentAgeMs" | "now">,
): boolean {
  if (segment.failed) return true;
  if (!segment.hasFrames) return false;
  if (segment.bytes + batchBytes > options.segmentBytes) return true;
  const age = options.now() - segment.createdAtMs;
  // A clock that stepped back tells no age: better a short segment than an endless one.
  return age >= options.segmentAgeMs || age < 0;
}

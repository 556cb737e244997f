import { randomFillSync } from "node:crypto";
import type { RandomBytes } from "./trace-context.ts";

const POOL_BYTES = 4096;

/** Random bytes, fetched many at a time: asking the kernel costs more than making an id of them. */
export function pooledRandom(): RandomBytes {
  const pool = Buffer.alloc(POOL_BYTES);
  let used = POOL_BYTES;
  return (count) => {
    if (used + count > POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    used += count;
    return pool.subarray(used - count, used);
  };
}

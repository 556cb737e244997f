import { randomFillSync } from "node:crypto";
import { v7 as uuidv7 } from "uuid";

const ID_BYTES = 16;
const pool = Buffer.alloc(ID_BYTES * 256);
let used = pool.length;

/** Asking the kernel for 16 bytes takes longer than the rest of an id, so it is asked for many. */
function pooledRandomBytes(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += ID_BYTES;
  return pool.subarray(used - ID_BYTES, used);
}

/** A new UUIDv7 (RFC 9562 §5.7): unique, and in the order of time. */
export function newCallId(): string {
  return uuidv7({ rng: pooledRandomBytes });
}

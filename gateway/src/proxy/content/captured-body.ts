import { isUtf8 } from "node:buffer";
import type { ContentBody } from "../../contracts/content-event.ts";
import { withoutKeys } from "../../identity/virtual-key.ts";

/** The longest piece of a character that a cut can leave at the end of UTF-8. */
const MAX_TORN_BYTES = 3;

/** The beginning of a body on its way, up to a bound. */
export class CapturedBody {
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #kept = 0;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Of the whole body so far. */
  get bytes(): number {
    return this.#bytes;
  }

  get truncated(): boolean {
    return this.#bytes > this.#kept;
  }

  add(chunk: Buffer): void {
    this.#bytes += chunk.length;
    const room = this.#maxBytes - this.#kept;
    if (room <= 0) return;
    // A copy: a view would keep all that was read with it from the socket in memory.
    const piece = Buffer.from(chunk.subarray(0, room));
    this.#chunks.push(piece);
    this.#kept += piece.length;
  }

  /** Another attempt was made: what the one before was answered is not what the client sees. */
  clear(): void {
    this.#chunks = [];
    this.#kept = 0;
    this.#bytes = 0;
  }

  /** Text as text, without any virtual key in it; anything else as base64. */
  read(): ContentBody {
    const { bytes, truncated } = this;
    const kept = Buffer.concat(this.#chunks);
    const whole = truncated ? withoutTornEnd(kept) : kept;
    return isUtf8(whole)
      ? { encoding: "utf8", text: withoutKeys(whole.toString("utf8")), bytes, truncated }
      : { encoding: "base64", text: kept.toString("base64"), bytes, truncated };
  }
}

function withoutTornEnd(bytes: Buffer): Buffer {
  for (let torn = 0; torn <= Math.min(MAX_TORN_BYTES, bytes.length); torn += 1) {
    const shorter = bytes.subarray(0, bytes.length - torn);
    if (isUtf8(shorter)) return shorter;
  }
  return bytes;
}

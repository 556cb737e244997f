import { SpoolRecordTooLargeError } from "./errors.ts";
import { closeFrame, FRAME_HEADER_BYTES, type FrameHead, MAX_PAYLOAD_BYTES } from "./frame.ts";

const INITIAL_BYTES = 65_536;
/** Above this a buffer is given back after a burst. */
const KEEP_BYTES = 1_048_576;
const MAX_UTF8_BYTES_PER_UNIT = 3;

/** Frames side by side in one buffer, to go out in one write, and the promise they all share. */
export class Batch {
  buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  bytes = 0;
  records = 0;
  firstSequence = 0;
  #written = Promise.withResolvers<void>();

  get written(): Promise<void> {
    return this.#written.promise;
  }

  /** @throws SpoolRecordTooLargeError, with the batch as it was. */
  add(head: FrameHead, line: string): void {
    if (line.length > MAX_PAYLOAD_BYTES) throw new SpoolRecordTooLargeError(MAX_PAYLOAD_BYTES);
    this.#reserve(FRAME_HEADER_BYTES + line.length * MAX_UTF8_BYTES_PER_UNIT);
    const payloadBytes = this.buffer.write(line, this.bytes + FRAME_HEADER_BYTES, "utf8");
    if (payloadBytes > MAX_PAYLOAD_BYTES) throw new SpoolRecordTooLargeError(MAX_PAYLOAD_BYTES);
    if (this.records === 0) this.firstSequence = head.sequence;
    this.bytes = closeFrame(this.buffer, this.bytes, head, payloadBytes);
    this.records += 1;
  }

  resolve(): void {
    this.#written.resolve();
  }

  reject(error: Error): void {
    // A batch without records has nobody who could handle the rejection.
    if (this.records > 0) this.#written.reject(error);
  }

  clear(): void {
    this.bytes = 0;
    this.records = 0;
    this.#written = Promise.withResolvers();
    if (this.buffer.length > KEEP_BYTES) this.buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  }

  #reserve(extra: number): void {
    const needed = this.bytes + extra;
    if (needed <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(larger, 0, 0, this.bytes);
    this.buffer = larger;
  }
}

import type { ResponseFacts, StreamMeter } from "../dialects/dialect.ts";
import { unknownResponse } from "../dialects/response-facts.ts";
import { SseFrames } from "./sse-frames.ts";

/** Larger than any event that carries usage, images in it included; one above it passes unread. */
export const MAX_FRAME_BYTES = 8_388_608;

/** Cuts a stream into frames, losing no byte. */
export interface Frames {
  push(chunk: Buffer): Buffer[];
  /** Bytes of the frame that has not ended. */
  rest(): Buffer;
  /** From here on bytes pass unread. */
  readonly overflowed: boolean;
}

/**
 * Lets a stream through, whole frame by whole frame, byte for byte, while a dialect's meter reads
 * along. Whole frames mean that the stream can be broken off cleanly at any time. The event that
 * completes the answer is held until `release`.
 */
export class StreamTap {
  readonly #frames: Frames;
  readonly #meter: StreamMeter;
  #held: Buffer[] = [];
  #complete = false;
  #released = false;

  constructor(meter: StreamMeter, frames: Frames = new SseFrames(MAX_FRAME_BYTES)) {
    this.#frames = frames;
    this.#meter = meter;
  }

  get complete(): boolean {
    return this.#complete;
  }

  push(chunk: Buffer): Buffer | null {
    if (this.#released) return chunk;
    const passed: Buffer[] = [];
    for (const frame of this.#frames.push(chunk)) {
      const verdict = this.#frames.overflowed ? "forward" : this.#read(frame);
      if (verdict === "terminal") this.#complete = true;
      if (verdict === "strip") continue;
      (this.#complete ? this.#held : passed).push(frame);
    }
    return joined(passed);
  }

  /** The provider has ended: a last frame may lack the sign of its own end, and is read as it is. */
  end(): void {
    const rest = this.#frames.rest();
    if (rest.length === 0) return;
    const verdict = this.#frames.overflowed ? "forward" : this.#read(rest);
    if (verdict !== "strip") this.#held.push(rest);
  }

  release(): Buffer | null {
    this.#released = true;
    const rest = this.#frames.rest();
    const held = joined(rest.length === 0 ? this.#held : [...this.#held, rest]);
    this.#held = [];
    return held;
  }

  facts(): ResponseFacts {
    try {
      return this.#meter.facts();
    } catch {
      // What is too deep to be written down tells nothing, and has passed all the same.
      return unknownResponse();
    }
  }

  #read(frame: Buffer): ReturnType<StreamMeter["frame"]> {
    try {
      return this.#meter.frame(frame);
    } catch {
      // A frame that cannot be read must not break the stream: the usage then stays incomplete.
      return "forward";
    }
  }
}

function joined(buffers: Buffer[]): Buffer | null {
  if (buffers.length <= 1) return buffers[0] ?? null;
  return Buffer.concat(buffers);
}

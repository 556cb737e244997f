import type { ResponseFacts, StreamMeter } from "../dialects/dialect.ts";
import { SseFrames } from "./sse-frames.ts";

/** Larger than any event that carries usage; one above it passes unread. */
const MAX_FRAME_BYTES = 1_048_576;

/**
 * Lets a stream of server-sent events through, whole event by whole event, byte for byte, while a
 * dialect's meter reads along. Whole events mean that the stream can be broken off cleanly at any
 * time. The event that completes the answer is held until `release`.
 */
export class StreamTap {
  readonly #frames = new SseFrames(MAX_FRAME_BYTES);
  readonly #meter: StreamMeter;
  #held: Buffer[] = [];
  #complete = false;
  #released = false;

  constructor(meter: StreamMeter) {
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

  release(): Buffer | null {
    this.#released = true;
    const rest = this.#frames.rest();
    const held = joined(rest.length === 0 ? this.#held : [...this.#held, rest]);
    this.#held = [];
    return held;
  }

  facts(): ResponseFacts {
    return this.#meter.facts();
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

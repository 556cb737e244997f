import type { BodyTap } from "../forward/relayed.ts";
import type { CapturedBody } from "./captured-body.ts";

/** A tap that also keeps what it is given. */
export class CapturingTap implements BodyTap {
  readonly #tap: BodyTap;
  readonly #body: CapturedBody;

  constructor(tap: BodyTap, body: CapturedBody) {
    this.#tap = tap;
    this.#body = body;
  }

  push(chunk: Buffer): Buffer | null {
    // Before the tap, which may work on the chunk in place.
    this.#body.add(chunk);
    return this.#tap.push(chunk);
  }

  end(): void {
    this.#tap.end();
  }

  get complete(): boolean {
    return this.#tap.complete;
  }

  release(): Buffer | null {
    return this.#tap.release();
  }
}

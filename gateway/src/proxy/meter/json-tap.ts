import type { ResponseFacts } from "../dialects/dialect.ts";

/** A body up to this size is held whole, so that one which breaks off can still become an error. */
const MAX_HELD_BYTES = 4_194_304;

/** Holds a JSON body until it has been recorded; a larger one passes through unmetered. */
export class JsonTap {
  readonly complete = false;
  readonly #read: (body: unknown) => ResponseFacts;
  #chunks: Buffer[] = [];
  #heldBytes = 0;
  #passing = false;

  constructor(read: (body: unknown) => ResponseFacts) {
    this.#read = read;
  }

  push(chunk: Buffer): Buffer | null {
    if (this.#passing) return chunk;
    this.#chunks.push(chunk);
    this.#heldBytes += chunk.length;
    return this.#heldBytes > MAX_HELD_BYTES ? this.release() : null;
  }

  release(): Buffer | null {
    this.#passing = true;
    const body = this.#chunks.length === 0 ? null : this.#body();
    this.#chunks = [];
    return body;
  }

  /** To be asked before `release`, which lets go of the body. */
  facts(): ResponseFacts {
    let body: unknown;
    try {
      if (!this.#passing) body = JSON.parse(this.#body().toString("utf8"));
    } catch {
      body = undefined;
    }
    return this.#read(body);
  }

  #body(): Buffer {
    const [first, second] = this.#chunks;
    if (first !== undefined && second === undefined) return first;
    const whole = Buffer.concat(this.#chunks);
    this.#chunks = [whole];
    return whole;
  }
}

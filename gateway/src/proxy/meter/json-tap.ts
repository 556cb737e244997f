import type { ResponseFacts } from "../dialects/dialect.ts";
import { JsonMembers } from "./json-members.ts";

/** A body up to this size is held whole, so that one which breaks off can still become an error. */
export const MAX_HELD_BYTES = 4_194_304;

/**
 * Holds a body until the call has been recorded. A larger one passes through, always one packet
 * behind: whatever packet turns out to be the last one has then not been sent yet. Of such a body
 * only the small members of the outermost object are read, usage among them.
 */
export class JsonTap {
  readonly complete = false;
  readonly #read: (body: unknown) => ResponseFacts;
  readonly #maxHeldBytes: number;
  #chunks: Buffer[] = [];
  #heldBytes = 0;
  #passing = false;
  readonly #members: JsonMembers | null;
  readonly #rewrite: ((body: string) => string) | null;

  /**
   * @param read tells the facts of a parsed body, or of `undefined` if there is none to parse.
   * @param maxHeldBytes 0 = a body that says nothing: it passes unread.
   * @param rewrite changes a body that was held whole, given as one character a byte.
   */
  constructor(
    read: (body: unknown) => ResponseFacts,
    maxHeldBytes: number,
    rewrite: ((body: string) => string) | null = null,
  ) {
    this.#read = read;
    this.#rewrite = rewrite;
    this.#maxHeldBytes = maxHeldBytes;
    this.#members = maxHeldBytes > 0 ? new JsonMembers() : null;
  }

  push(chunk: Buffer): Buffer | null {
    this.#chunks.push(chunk);
    this.#heldBytes += chunk.length;
    if (this.#passing) this.#members?.push(chunk);
    else if (this.#heldBytes > this.#maxHeldBytes) {
      this.#passing = true;
      for (const held of this.#chunks) this.#members?.push(held);
    }
    if (!this.#passing || this.#chunks.length < 2) return null;
    const passed = Buffer.concat(this.#chunks.slice(0, -1));
    this.#chunks = [chunk];
    return passed;
  }

  end(): void {}

  release(): Buffer | null {
    const wasWhole = !this.#passing;
    this.#passing = true;
    const body = this.#chunks.length === 0 ? null : this.#body();
    this.#chunks = [];
    if (body === null || this.#rewrite === null || !wasWhole) return body;
    return Buffer.from(this.#rewrite(body.toString("latin1")), "latin1");
  }

  /** To be asked before `release`, which lets go of the body. */
  facts(): ResponseFacts {
    try {
      return this.#read(this.#parsed());
    } catch {
      // What cannot be read, for it is no JSON or too deep, tells nothing, and passes all the same.
      return this.#read(undefined);
    }
  }

  #parsed(): unknown {
    return this.#passing ? this.#members?.members() : JSON.parse(this.#body().toString("utf8"));
  }

  #body(): Buffer {
    const [first, second] = this.#chunks;
    if (first !== undefined && second === undefined) return first;
    const whole = Buffer.concat(this.#chunks);
    this.#chunks = [whole];
    return whole;
  }
}

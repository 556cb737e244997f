import type { TokenCounts } from "../../contracts/index.ts";
import type { JsonObject } from "../json-value.ts";

/** What an earlier response adds to the input of one that goes on from it. */
export interface Conversation {
  readonly words: number;
  readonly messageCount: number;
  readonly images: number;
}

/** A response that can be fetched again. */
export interface StoredResponse {
  readonly model: string;
  readonly digest: string;
  readonly body: JsonObject;
  readonly reported: TokenCounts | null;
  /** How often a background response is yet to be found unfinished. */
  readonly pending: readonly JsonObject[];
}

interface Remembered {
  readonly conversation: Conversation;
  readonly stored: StoredResponse | null;
  readonly bytes: number;
}

/** The newest responses, up to a number and to a size in bytes; the oldest are forgotten first. */
export class ResponseMemory {
  readonly #capacity: number;
  readonly #maxBytes: number;
  readonly #parent: ResponseMemory | null;
  readonly #responses = new Map<string, Remembered>();
  #backgrounds = 0;
  #bytes = 0;

  /** With a parent, what is remembered here is known here only, and all else is the parent's. */
  constructor(capacity: number, maxBytes: number, parent: ResponseMemory | null = null) {
    this.#capacity = capacity;
    this.#maxBytes = maxBytes;
    this.#parent = parent;
  }

  /** Equal requests get equal ids, apart from background ones, which are separate pieces of work. */
  backgroundId(digest: string): string {
    if (this.#parent !== null) return this.#parent.backgroundId(digest);
    this.#backgrounds += 1;
    return `resp_${digest}${this.#backgrounds}`;
  }

  /** `bytes` is what the response counts for against the size limit. */
  remember(
    id: string,
    conversation: Conversation,
    stored: StoredResponse | null,
    bytes: number,
  ): void {
    this.forget(id);
    this.#responses.set(id, { conversation, stored, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#responses.keys()) {
      if (this.#responses.size <= this.#capacity && this.#bytes <= this.#maxBytes) return;
      this.forget(oldest);
    }
  }

  conversation(id: string): Conversation | null {
    return this.#responses.get(id)?.conversation ?? this.#parent?.conversation(id) ?? null;
  }

  stored(id: string): StoredResponse | null {
    return this.#responses.get(id)?.stored ?? null;
  }

  /** Replaces what is stored under an id that is known. */
  update(id: string, stored: StoredResponse): void {
    const known = this.#responses.get(id);
    if (known !== undefined) this.#responses.set(id, { ...known, stored });
  }

  /** Whether there was anything to forget. */
  forget(id: string): boolean {
    this.#bytes -= this.#responses.get(id)?.bytes ?? 0;
    return this.#responses.delete(id);
  }

  /** The memory of which this one is a part, or itself. */
  get shared(): ResponseMemory {
    return this.#parent ?? this;
  }
}

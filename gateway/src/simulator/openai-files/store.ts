/** A file that a client has uploaded, or that a batch has made. */
export interface StoredFile {
  readonly id: string;
  readonly filename: string;
  readonly purpose: string;
  readonly content: Buffer;
}

/** The newest things by id, up to a number and to a size in bytes; the oldest are forgotten first. */
export class Store<Item extends { readonly id: string }> {
  readonly #capacity: number;
  readonly #maxBytes: number;
  readonly #bytesOf: (item: Item) => number;
  readonly #items = new Map<string, Item>();
  #bytes = 0;
  #made = 0;

  constructor(capacity: number, maxBytes: number, bytesOf: (item: Item) => number) {
    this.#capacity = capacity;
    this.#maxBytes = maxBytes;
    this.#bytesOf = bytesOf;
  }

  /** An id that no other thing has. */
  newId(prefix: string): string {
    this.#made += 1;
    return `${prefix}${String(this.#made).padStart(24, "0")}`;
  }

  /** Adds a thing, or replaces the one of the same id. */
  put(item: Item): void {
    const before = this.#items.get(item.id);
    this.#bytes += this.#bytesOf(item) - (before === undefined ? 0 : this.#bytesOf(before));
    this.#items.set(item.id, item);
    for (const oldest of this.#items.keys()) {
      if (this.#items.size <= this.#capacity && this.#bytes <= this.#maxBytes) return;
      this.delete(oldest);
    }
  }

  get(id: string): Item | null {
    return this.#items.get(id) ?? null;
  }

  delete(id: string): boolean {
    const item = this.#items.get(id);
    if (item !== undefined) this.#bytes -= this.#bytesOf(item);
    return this.#items.delete(id);
  }

  /** Oldest first. */
  all(): readonly Item[] {
    return [...this.#items.values()];
  }
}

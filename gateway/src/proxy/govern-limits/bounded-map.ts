/** A map of the most recently used; the one that was used longest ago gives way. */
export class BoundedMap<T> {
  readonly #most: number;
  readonly #entries = new Map<string, T>();

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** What is there, or what `make` makes. */
  use(key: string, make: () => T): T {
    const found = this.#entries.get(key) ?? make();
    this.#entries.delete(key);
    if (this.#entries.size >= this.#most) {
      const oldest = this.#entries.keys().next();
      if (oldest.done !== true) this.#entries.delete(oldest.value);
    }
    this.#entries.set(key, found);
    return found;
  }
}

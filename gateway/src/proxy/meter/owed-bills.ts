const MAX_OWED = 50_000;

/**
 * Answers whose usage their provider tells only in a later call, for example a response that runs
 * in the background: each is billed to one call, however often it is fetched. In this worker's
 * memory: an answer fetched through another worker leaves its own call's usage `missing`, which
 * shows, while a bill that is counted twice would not.
 */
export class OwedBills {
  readonly #ids = new Set<string>();

  owe(id: string): void {
    this.#ids.add(id);
    for (const oldest of this.#ids) {
      if (this.#ids.size <= MAX_OWED) break;
      this.#ids.delete(oldest);
    }
  }

  /** Whether the bill was still open; from now on it is not. */
  settle(id: string): boolean {
    return this.#ids.delete(id);
  }
}

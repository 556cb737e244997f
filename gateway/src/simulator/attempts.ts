/** How often requests of the same content have come; forgets the oldest beyond `capacity`. */
export class Attempts {
  readonly #capacity: number;
  readonly #counts = new Map<string, number>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Counts one more request, and tells how many there have been with it. */
  count(request: string): number {
    const attempts = (this.#counts.get(request) ?? 0) + 1;
    this.#counts.delete(request);
    this.#counts.set(request, attempts);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > this.#capacity && oldest !== undefined) this.#counts.delete(oldest);
    return attempts;
  }
}

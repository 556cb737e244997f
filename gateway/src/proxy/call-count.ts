/** Counts the calls under way, so that a drain can wait for the last of them. */
export class CallCount {
  #inFlight = 0;
  #idle: PromiseWithResolvers<void> | null = null;

  get inFlight(): number {
    return this.#inFlight;
  }

  async during(work: Promise<void>): Promise<void> {
    this.#inFlight += 1;
    try {
      await work;
    } finally {
      this.#inFlight -= 1;
      if (this.#inFlight === 0) this.#idle?.resolve();
    }
  }

  /** Resolves when no call is under way. */
  async idle(): Promise<void> {
    if (this.#inFlight === 0) return;
    this.#idle ??= Promise.withResolvers<void>();
    await this.#idle.promise;
  }
}

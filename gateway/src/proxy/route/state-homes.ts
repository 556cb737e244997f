const MAX_REMEMBERED = 50_000;

/**
 * Which provider holds which state, in this worker's memory: the newest ids, oldest forgotten
 * first. An id that is not known is left to the sticky choice, which was the same when it was made
 * unless a fallback had to serve that call.
 */
export class StateHomes {
  readonly #homes = new Map<string, string>();

  keep(ids: readonly string[], provider: string): void {
    for (const id of ids) {
      this.#homes.delete(id);
      this.#homes.set(id, provider);
    }
    for (const oldest of this.#homes.keys()) {
      if (this.#homes.size <= MAX_REMEMBERED) break;
      this.#homes.delete(oldest);
    }
  }

  find(ids: readonly string[]): string | undefined {
    for (const id of ids) {
      const home = this.#homes.get(id);
      if (home !== undefined) return home;
    }
    return undefined;
  }
}

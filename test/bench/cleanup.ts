/** Everything that must not outlive the benchmark, in the order in which it was begun. */
export class Cleanup {
  readonly #tasks = new Set<() => Promise<void>>();

  /** Adds a task and returns it made idempotent, so that it may also be run early. */
  add(task: () => Promise<void>): () => Promise<void> {
    const once = async (): Promise<void> => {
      if (this.#tasks.delete(once)) await task();
    };
    this.#tasks.add(once);
    return once;
  }

  /** Runs what is left, the latest first; one failure does not keep the others from running. */
  async run(): Promise<void> {
    for (const task of [...this.#tasks].toReversed()) {
      await task().catch((error: unknown) => console.error("cleanup:", error));
    }
  }
}

import type { SegmentFile, SegmentFiles } from "./segment-file.ts";

/** Makes written segments durable, one pass at a time, and closes those that are done with. */
export class Committer {
  readonly #files: SegmentFiles;
  readonly #directory: string;
  readonly #dirty = new Set<SegmentFile>();
  readonly #retired = new Set<SegmentFile>();
  #directoryDirty = false;
  #running: Promise<void> = Promise.resolve();
  commits = 0;
  lastCommitMs = 0;

  constructor(files: SegmentFiles, directory: string) {
    this.#files = files;
    this.#directory = directory;
  }

  get isDirty(): boolean {
    return this.#dirty.size > 0 || this.#retired.size > 0;
  }

  created(): void {
    this.#directoryDirty = true;
  }

  wrote(file: SegmentFile): void {
    this.#dirty.add(file);
  }

  /** The file takes no more frames: it is closed after its last commit. */
  retire(file: SegmentFile): void {
    this.#retired.add(file);
  }

  /**
   * Everything written before the call is durable once this resolves. After a failure the
   * kernel may have dropped the pages, so a later success proves nothing about them.
   */
  commit(): Promise<void> {
    const pass = this.#running.then(() => this.#commit());
    this.#running = pass.catch(() => undefined);
    return pass;
  }

  async #commit(): Promise<void> {
    const startedAt = performance.now();
    const files = [...this.#dirty];
    this.#dirty.clear();
    const retired = [...this.#retired];
    this.#retired.clear();
    try {
      if (this.#directoryDirty) {
        await this.#files.syncDirectory(this.#directory);
        this.#directoryDirty = false;
      }
      const results = await Promise.allSettled(files.map((file) => file.datasync()));
      for (const result of results) if (result.status === "rejected") throw result.reason;
    } finally {
      for (const file of retired) await file.close();
      this.commits += 1;
      this.lastCommitMs = performance.now() - startedAt;
    }
  }
}

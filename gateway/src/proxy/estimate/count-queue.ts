import type { Counted, TokenThread } from "./token-thread.ts";
import type { CountRequest } from "./token-worker.ts";

export interface QueueLimits {
  readonly maxWaiting: number;
  readonly maxWaitingBytes: number;
  readonly timeoutMs: number;
}

interface Waiting {
  readonly request: CountRequest;
  readonly bytes: number;
  readonly timer: NodeJS.Timeout;
  readonly done: (counted: Counted) => void;
}

/** Texts that wait for the one thread, bounded in number, memory and time. */
export class CountQueue {
  readonly #thread: Pick<TokenThread, "count">;
  readonly #limits: QueueLimits;
  readonly #waiting = new Set<Waiting>();
  #waitingBytes = 0;
  #working = false;
  #closed = false;

  constructor(thread: Pick<TokenThread, "count">, limits: QueueLimits) {
    this.#thread = thread;
    this.#limits = limits;
  }

  /** Never rejects. `bytes`: what the request's texts take of memory. */
  count(request: CountRequest, bytes: number): Promise<Counted> {
    return new Promise((done) => {
      if (this.#closed) return done({ tokens: null, result: "failed" });
      const { maxWaiting, maxWaitingBytes, timeoutMs } = this.#limits;
      const isFull =
        this.#waiting.size >= maxWaiting || this.#waitingBytes + bytes > maxWaitingBytes;
      if (isFull) return done({ tokens: null, result: "queue_full" });
      const timer = setTimeout(() => {
        this.#remove(waiting);
        done({ tokens: null, result: "timed_out" });
      }, timeoutMs).unref();
      const waiting: Waiting = { request, bytes, timer, done };
      this.#waiting.add(waiting);
      this.#waitingBytes += bytes;
      if (!this.#working) void this.#work();
    });
  }

  /** Gives up what waits; nothing is counted from now on. */
  close(): void {
    this.#closed = true;
    for (const waiting of this.#waiting) {
      this.#remove(waiting);
      waiting.done({ tokens: null, result: "failed" });
    }
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (const waiting of this.#waiting) {
      this.#remove(waiting);
      waiting.done(await this.#thread.count(waiting.request));
    }
    this.#working = false;
  }

  #remove(waiting: Waiting): void {
    clearTimeout(waiting.timer);
    if (this.#waiting.delete(waiting)) this.#waitingBytes -= waiting.bytes;
  }
}

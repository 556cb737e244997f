import { Worker } from "node:worker_threads";
import type { CountAnswer, CountRequest } from "./token-worker.ts";

export interface Counted {
  readonly tokens: CountAnswer | null;
  readonly result: "estimated" | "queue_full" | "timed_out" | "failed";
}

export interface ThreadOptions {
  readonly threadUrl: URL;
  /** For one request, the start of the thread included. */
  readonly timeoutMs: number;
  readonly idleMs: number;
}

/** Two encodings, their caches and the texts under work need less. */
const MAX_HEAP_MB = 384;

/** A thread that cannot even start must not be started for every estimate. */
const RESTART_AFTER_MS = 1_000;

/**
 * The tokenizer's thread: started at first need, ended when idle, ended and started anew when it
 * dies or takes too long. It never keeps the process alive.
 */
export class TokenThread {
  readonly #options: ThreadOptions;
  #worker: Worker | null = null;
  #abandon: (() => void) | null = null;
  #idle: NodeJS.Timeout | undefined;
  #notBefore = 0;

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  /** One request at a time; never rejects. */
  async count(request: CountRequest): Promise<Counted> {
    clearTimeout(this.#idle);
    if (this.#worker === null && performance.now() < this.#notBefore) {
      return { tokens: null, result: "failed" };
    }
    const worker = (this.#worker ??= this.#start());
    const counted = await this.#ask(worker, request);
    if (counted.result === "timed_out") this.#discard(worker);
    this.#idle = setTimeout(() => void this.close(), this.#options.idleMs).unref();
    return counted;
  }

  /** Ends the thread; a request under way is given up. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    this.#abandon?.();
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  #ask(worker: Worker, request: CountRequest): Promise<Counted> {
    return new Promise((resolve) => {
      const end = (counted: Counted) => {
        clearTimeout(timer);
        worker.off("message", answered).off("exit", failed);
        this.#abandon = null;
        resolve(counted);
      };
      const answered = (tokens: CountAnswer) => end({ tokens, result: "estimated" });
      const failed = () => end({ tokens: null, result: "failed" });
      const timer = setTimeout(
        () => end({ tokens: null, result: "timed_out" }),
        this.#options.timeoutMs,
      ).unref();
      this.#abandon = failed;
      worker.on("message", answered).on("exit", failed);
      worker.unref();
      worker.postMessage(request);
    });
  }

  #start(): Worker {
    const worker = new Worker(this.#options.threadUrl, {
      name: "weir-tokenizer",
      // It needs neither the providers' keys nor the flags of a busy proxy.
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    // Without a listener an error of the thread would end the process; its exit follows.
    worker.on("error", () => {});
    worker.on("exit", () => {
      if (this.#worker !== worker) return;
      this.#worker = null;
      this.#notBefore = performance.now() + RESTART_AFTER_MS;
    });
    worker.unref();
    return worker;
  }

  #discard(worker: Worker): void {
    this.#worker = null;
    // Its end is of no interest, only that it comes.
    worker.terminate().catch(() => {});
  }
}

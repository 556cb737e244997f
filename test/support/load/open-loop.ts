import { Worker } from "node:worker_threads";
import { exchange } from "./exchange.ts";
import { HttpConnection } from "./http-connection.ts";
import type { LoadJob, LoadResult } from "./job.ts";
import type { PacerData } from "./pacer.ts";

const maxWaiting = 100_000;
/** Time for the pacer's thread to come up before its first request is due. */
const leadMs = 200;

/**
 * Sends requests on a fixed schedule. One that finds no free connection waits for it, and its time
 * runs from when it was due: otherwise a stall would hide the requests that it held up.
 */
export class OpenLoop {
  readonly #job: LoadJob;
  readonly #intervalMs: number;
  readonly #count: number;
  readonly #startMs = performance.now() + leadMs;
  readonly #startNs = process.hrtime.bigint() + BigInt(leadMs * 1_000_000);
  readonly #done = Promise.withResolvers<void>();
  readonly #idle: HttpConnection[];
  readonly #waiting: number[] = [];
  readonly #latenciesMs: number[] = [];
  #completed = 0;

  constructor(job: LoadJob, ratePerSecond: number) {
    this.#job = job;
    this.#intervalMs = 1000 / ratePerSecond;
    this.#count = Math.max(1, Math.floor(ratePerSecond * job.seconds));
    this.#idle = Array.from({ length: job.connections }, () => new HttpConnection(job.port));
  }

  async run(): Promise<LoadResult> {
    const intervalNs = this.#intervalMs * 1_000_000;
    const workerData: PacerData = { startNs: this.#startNs, intervalNs, count: this.#count };
    const pacer = new Worker(new URL("pacer.ts", import.meta.url), { workerData });
    let due = 0;
    pacer.on("message", (upTo: number) => {
      for (; due < upTo; due += 1) this.#begin(this.#startMs + due * this.#intervalMs);
    });
    pacer.once("error", this.#done.reject);
    await this.#done.promise;
    for (const connection of this.#idle) connection.destroy();
    const seconds = (performance.now() - this.#startMs) / 1000;
    return { latenciesMs: this.#latenciesMs, completed: this.#completed, seconds };
  }

  #begin(dueMs: number): void {
    const connection = this.#idle.pop();
    if (connection !== undefined) {
      this.#serve(connection, dueMs).catch(this.#done.reject);
      return;
    }
    this.#waiting.push(dueMs);
    if (this.#waiting.length > maxWaiting)
      this.#done.reject(new Error("the target cannot keep up"));
  }

  /** Sends the request that was due, then any others that wait for a connection. */
  async #serve(connection: HttpConnection, firstDueMs: number): Promise<void> {
    let dueMs: number | undefined = firstDueMs;
    while (dueMs !== undefined) {
      const atMs = await exchange(connection, this.#job);
      this.#completed += 1;
      if (dueMs - this.#startMs >= this.#job.warmUpSeconds * 1000) {
        this.#latenciesMs.push(atMs - dueMs);
      }
      dueMs = this.#waiting.shift();
    }
    this.#idle.push(connection);
    if (this.#completed === this.#count) this.#done.resolve();
  }
}

import type { ReceivedRequest } from "../start-clickhouse-server.ts";

const KEPT = 10_000;

/** The last requests, for tests that ask what was sent. */
export class RequestLog {
  readonly #entries: ReceivedRequest[] = [];

  add(entry: ReceivedRequest): void {
    this.#entries.push(entry);
    if (this.#entries.length > KEPT) this.#entries.shift();
  }

  entries(): readonly ReceivedRequest[] {
    return this.#entries;
  }
}

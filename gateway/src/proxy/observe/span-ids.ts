import { randomHex, type RandomBytes } from "./trace-context.ts";

/**
 * Ids of spans for the SDK, which asks for them when a span is made: after the call, of which the
 * id has then gone to the provider and into the row long since.
 */
export class SpanIds {
  readonly #random: RandomBytes;
  #next: { traceId: string; spanId: string } | null = null;

  constructor(random: RandomBytes) {
    this.#random = random;
  }

  /** Runs `start`, which starts one span: that one gets these ids. */
  during<T>(ids: { traceId: string; spanId: string }, start: () => T): T {
    this.#next = ids;
    try {
      return start();
    } finally {
      this.#next = null;
    }
  }

  generateTraceId(): string {
    return this.#next?.traceId ?? randomHex(16, this.#random);
  }

  generateSpanId(): string {
    return this.#next?.spanId ?? randomHex(8, this.#random);
  }
}

import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import type { Relayed, RelayOptions } from "./relayed.ts";
import { retryAfterMs } from "./retry-after.ts";

/** Each 1xx answer begins the wait for the real one anew (RFC 9110 §15.2); nobody sends so many. */
const MAX_INTERIM_ANSWERS = 100;

/** What every relay does with the head of an answer before it carries the body. */
export class AnswerHead {
  readonly #options: RelayOptions;
  readonly #state: Relayed;
  #interimAnswers = 0;

  constructor(options: RelayOptions, state: Relayed) {
    this.#options = options;
    this.#state = state;
  }

  /** @returns whether this is an answer to carry, one to throw away for another attempt, or none yet. */
  read(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): "carry" | "retry" | "interim" {
    if (status < 200) {
      this.#interimAnswers += 1;
      if (this.#interimAnswers > MAX_INTERIM_ANSWERS) controller.abort(new Error("no answer"));
      return "interim";
    }
    const { onHead, isRetryable, nowMs } = this.#options;
    onHead(status);
    this.#state.upstreamStatus = status;
    const waitMs = status < 400 ? null : retryAfterMs(headers, nowMs());
    if (isRetryable(status, waitMs)) {
      this.#state.retryAfterMs = waitMs;
      return "retry";
    }
    const requestId = headers["x-request-id"] ?? headers["request-id"];
    this.#state.upstreamRequestId = typeof requestId === "string" ? requestId.slice(0, 256) : "";
    return "carry";
  }
}

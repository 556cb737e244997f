import {
  circuitBreaker,
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  handleAll,
} from "cockatiel";
import type { Emergency } from "./emergency.ts";
import type { Answer, Authority, Message } from "./protocol.ts";

/** How soon shared counters that failed are tried again; nobody waits for them meanwhile. */
const RETRY_AFTER_MS = 500;
const FAILURES_TO_OPEN = 2;

export interface SharedAuthorityOptions {
  readonly shared: Authority;
  readonly emergency: Emergency;
  /** Told when the shared counters are out of reach, and when they are back. */
  readonly onReach: (isInReach: boolean, error: unknown) => void;
}

/** The shared counters while they answer, and this replica's own share while they do not. */
export class SharedAuthority implements Authority {
  readonly #options: SharedAuthorityOptions;
  readonly #breaker: CircuitBreakerPolicy;
  #isInReach = true;

  constructor(options: SharedAuthorityOptions) {
    this.#options = options;
    this.#breaker = circuitBreaker(handleAll, {
      halfOpenAfter: RETRY_AFTER_MS,
      breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
    });
  }

  async exchange(message: Message): Promise<readonly Answer[]> {
    const { shared, emergency } = this.#options;
    try {
      const answers = await this.#breaker.execute(() => shared.exchange(message));
      emergency.end();
      this.#reach(true, null);
      return answers;
    } catch (error) {
      this.#reach(false, error);
      // Nobody is waiting: what could not be told stays to be told.
      if (message.wants.length === 0) throw error;
      return emergency.exchange(message);
    }
  }

  #reach(isInReach: boolean, error: unknown): void {
    if (isInReach === this.#isInReach) return;
    this.#isInReach = isInReach;
    this.#options.onReach(isInReach, error);
  }
}

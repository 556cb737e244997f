import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhenResult,
} from "cockatiel";
import { Refusal } from "../refusal.ts";

/** Calls under way at one provider, over all targets that lead to it. */
export interface ProviderLoad {
  inFlight: number;
  /** Null = no limit of its own. */
  readonly maxConcurrent: number | null;
}

/** What an attempt tells the breaker as soon as it is known whether the target works. */
export type Health = "healthy" | "failing";

export interface GateOptions {
  /** For messages. */
  name: string;
  load: ProviderLoad;
  /**
   * An answer with a status of 500 or more counts as a failure, not only no answer at all. Only where
   * there is another target: otherwise one person's calls that a provider fails on would shut it to
   * everybody, and an honest error is worth more than a refusal.
   */
  minds5xx: boolean;
  /** Failures in a row after which the gate closes. */
  failures: number;
  /** For so long; then one call tries. */
  openMs: number;
}

/**
 * Lets calls through to a target that works and has room. The breaker hears of an attempt when its
 * answer begins, not when it ends: a stream that takes minutes must not keep it from deciding.
 */
export class TargetGate {
  readonly #breaker;
  readonly #options: GateOptions;

  constructor(options: GateOptions) {
    this.#options = options;
    this.#breaker = circuitBreaker(
      handleWhenResult((health) => health === "failing"),
      {
        breaker: new ConsecutiveBreaker(options.failures),
        halfOpenAfter: options.openMs,
      },
    );
  }

  /** What the status of an answer's head says about the target; 0 = there was none. */
  healthOf(status: number): Health {
    return status === 0 || (status >= 500 && this.#options.minds5xx) ? "failing" : "healthy";
  }

  get isClosed(): boolean {
    return this.#breaker.state === CircuitState.Closed;
  }

  /**
   * Takes a place, starts the attempt and gives the place back when `ended` resolves.
   *
   * @throws Refusal WEIR_PROVIDER_BUSY, WEIR_PROVIDER_DOWN; then nothing was started.
   */
  async enter<T>(start: () => { health: Promise<Health>; ended: Promise<T> }): Promise<T> {
    const { load, name, openMs } = this.#options;
    if (load.maxConcurrent !== null && load.inFlight >= load.maxConcurrent) {
      throw new Refusal("WEIR_PROVIDER_BUSY", {
        message: `As many calls as '${name}' may take are under way. Try again shortly.`,
        retryAfterSeconds: 1,
        limit: { name: `provider-${name}`, quota: load.maxConcurrent },
      });
    }
    // In the half-open state one call tries; the library would make the others wait for it.
    if (this.#breaker.state === CircuitState.HalfOpen) throw this.#down(openMs);
    const begun: { ended?: Promise<T> } = {};
    load.inFlight += 1;
    try {
      const health = this.#breaker.execute(() => {
        const attempt = start();
        begun.ended = attempt.ended;
        return attempt.health;
      });
      health.catch(() => undefined);
      return await (begun.ended ?? refusedBy(health));
    } catch (error) {
      if (error instanceof BrokenCircuitError) throw this.#down(openMs);
      throw error;
    } finally {
      load.inFlight -= 1;
    }
  }

  #down(openMs: number): Refusal {
    return new Refusal("WEIR_PROVIDER_DOWN", {
      message: `The provider '${this.#options.name}' has failed several times in a row and is left alone for a while. Try again shortly.`,
      retryAfterSeconds: Math.ceil(openMs / 1000),
    });
  }
}

async function refusedBy(health: Promise<unknown>): Promise<never> {
  await health;
  throw new Error("a breaker neither started a call nor refused it");
}

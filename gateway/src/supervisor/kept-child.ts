import { backOffMs, MAX_START_FAILURES, STABLE_AFTER_MS } from "./back-off.ts";
import { type Child, ChildFault } from "./child.ts";
import type { Clock } from "./clock.ts";
import { StoppedError } from "./fault.ts";
import { isFromPeer } from "./from-peer.ts";

export interface SupervisorLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface KeptChildOptions<Facts> {
  /** As it is called in logs and metrics: `proxy-0`. */
  readonly name: string;
  readonly fork: () => Pick<
    Child,
    "start" | "serving" | "exited" | "tell" | "metrics" | "stop" | "kill" | "pid"
  >;
  /** Given what the last child of this name said of itself, so that it keeps its port. */
  readonly settings: (last: Facts | undefined) => Promise<object>;
  readonly onUp?: (facts: Facts) => void;
  readonly clock: Clock;
  readonly log: SupervisorLog;
}

/** Keeps one child of a role running, until it is stopped or cannot be started at all. */
export class KeptChild<Facts> {
  readonly name: string;
  /** The first child's facts. Rejects when it cannot be started, or is stopped before. */
  readonly up: Promise<Facts>;
  /** When the first child can do its work. Rejects as `up` does. */
  readonly serving: Promise<void>;
  readonly #options: KeptChildOptions<Facts>;
  readonly #up = Promise.withResolvers<Facts>();
  readonly #serving = Promise.withResolvers<void>();
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  #child: ReturnType<KeptChildOptions<Facts>["fork"]>;
  #isServing = false;
  #restarts = 0;

  constructor(options: KeptChildOptions<Facts>) {
    this.#options = options;
    this.name = options.name;
    this.up = this.#up.promise;
    this.serving = this.#serving.promise;
    this.up.catch(() => undefined);
    this.serving.catch(() => undefined);
    this.#child = options.fork();
    this.#running = this.#keep();
  }

  get isServing(): boolean {
    return this.#isServing;
  }

  get restarts(): number {
    return this.#restarts;
  }

  get child(): Pick<Child, "tell" | "metrics" | "pid"> {
    return this.#child;
  }

  /** Asks the child to end, and ends it after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort();
    this.#settle(new StoppedError());
    const how = await this.#child.stop(graceMs);
    await this.#running;
    this.#options.log.info({ child: this.name }, `${this.name} ${how}`);
  }

  kill(): void {
    this.#stopping.abort();
    this.#settle(new StoppedError());
    this.#child.kill();
  }

  async #keep(): Promise<void> {
    const { name, clock, log, fork } = this.#options;
    let failures = 0;
    let last: Facts | undefined;
    for (;;) {
      const startedAt = clock.now();
      const fault = await this.#live(last, (facts) => (last = facts));
      this.#isServing = false;
      if (this.#stopping.signal.aborted) return;
      failures = clock.now() - startedAt >= STABLE_AFTER_MS ? 1 : failures + 1;
      // What a child says itself will be no better at the next attempt; a crash may be.
      const isHopeless = fault instanceof ChildFault || failures >= MAX_START_FAILURES;
      if (last === undefined && isHopeless) return this.#settle(fault);
      const delayMs = backOffMs(failures);
      log.error(
        { child: name, err: fault, delayMs },
        `${name} ${fault.message}; starting it again`,
      );
      await clock.sleep(delayMs, this.#stopping.signal);
      if (this.#stopping.signal.aborted) return;
      this.#restarts += 1;
      this.#child = fork();
    }
  }

  /** One child's life. @returns why it ended. */
  async #live(last: Facts | undefined, onUp: (facts: Facts) => void): Promise<Error> {
    const child = this.#child;
    try {
      const settings = await Promise.race([this.#options.settings(last), this.#aborted()]);
      const facts = await child.start(settings);
      if (!isFromPeer<Facts>(facts)) throw new Error("the child says nothing of itself");
      onUp(facts);
      this.#options.onUp?.(facts);
      this.#up.resolve(facts);
      await child.serving;
      this.#isServing = true;
      this.#serving.resolve();
      return new Error(await child.exited);
    } catch (error) {
      child.kill();
      await child.exited;
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  // What settings wait for may never come once everything is being stopped.
  #aborted(): Promise<never> {
    const { signal } = this.#stopping;
    return new Promise((_, reject) => {
      if (signal.aborted) reject(new StoppedError());
      signal.addEventListener("abort", () => reject(new StoppedError()), { once: true });
    });
  }

  #settle(error: Error): void {
    this.#up.reject(error);
    this.#serving.reject(error);
  }
}

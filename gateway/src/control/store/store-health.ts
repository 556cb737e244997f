import { ControlError } from "../errors.ts";

interface HealthLog {
  readonly info: (fields: object, message: string) => void;
  readonly error: (fields: object, message: string) => void;
}

/** Whether the store answers, as whoever looks into it all the time has last seen it. */
export class StoreHealth {
  readonly #log: HealthLog;
  #reason = "";
  #isAnswering = true;

  constructor(log: HealthLog) {
    this.#log = log;
  }

  get isAnswering(): boolean {
    return this.#isAnswering;
  }

  readonly answered = (): void => {
    if (!this.#isAnswering) this.#log.info({}, "the control store answers again");
    this.#isAnswering = true;
    this.#reason = "";
  };

  /** Told of every failure to rebuild the snapshot, whatever the reason; logs each reason once. */
  readonly failed = (error: unknown): void => {
    const reason = reasonOf(error);
    if (reason !== this.#reason)
      this.#log.error({ err: error }, "the snapshot could not be rebuilt");
    this.#reason = reason;
    if (error instanceof ControlError && error.code === "WEIR_STORE_UNAVAILABLE")
      this.#isAnswering = false;
  };
}

/** The driver's own words, which hold no password. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = cause instanceof Error ? cause.message : String(cause);
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return text || code || "unknown";
}

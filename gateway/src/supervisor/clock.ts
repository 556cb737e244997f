import { setTimeout as sleepFor } from "node:timers/promises";

export interface Clock {
  /** Milliseconds from any fixed point. */
  now(): number;
  /** Returns early, and without an error, when the signal fires. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: async (ms, signal) => {
    await sleepFor(ms, undefined, { signal }).catch(() => undefined);
  },
};

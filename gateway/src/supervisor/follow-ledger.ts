import { setTimeout as sleep } from "node:timers/promises";

/** What the ledger knows to be spent of a counter. */
export interface KnownSpend {
  readonly key: string;
  readonly spent: number;
  readonly expiresAtMs: number;
}

/** Rows reach the ledger within seconds: soon after a loss it is asked often. */
const OFTEN_MS = 3_000;
const OFTEN_FOR_MS = 60_000;
const SELDOM_MS = 60_000;

/** Until it could be read at all. */
const FIRST_MS = 500;

export interface LedgerFollower {
  /** The counters have been lost. */
  hurry(): void;
  stop(): Promise<void>;
}

/** Brings to the counters what only the ledger knows, for example after they have been lost. */
export function followLedger(options: {
  readSpent: (signal: AbortSignal) => Promise<readonly KnownSpend[]>;
  seed: (known: readonly KnownSpend[]) => Promise<void>;
}): LedgerFollower {
  const stopping = new AbortController();
  let waking = new AbortController();
  let oftenUntil = performance.now() + OFTEN_FOR_MS;
  let hasBeenRead = false;
  const run = async () => {
    while (!stopping.signal.aborted) {
      try {
        const known = await options.readSpent(stopping.signal);
        await options.seed(known);
        hasBeenRead = true;
      } catch {
        // Control or the ledger is not there yet: what is counted here goes on being counted.
      }
      const usualMs = performance.now() < oftenUntil ? OFTEN_MS : SELDOM_MS;
      const pauseMs = hasBeenRead ? usualMs : FIRST_MS;
      const signal = AbortSignal.any([stopping.signal, waking.signal]);
      await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
      waking = new AbortController();
    }
  };
  const running = run();
  return {
    hurry: () => {
      oftenUntil = performance.now() + OFTEN_FOR_MS;
      waking.abort();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

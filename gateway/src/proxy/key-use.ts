import { Pool } from "undici";
import { type KeyUse, maxUsesPerReport } from "../contracts/key-use.ts";

const MINUTE_MS = 60_000;
/** Beyond that many used in a minute some are forgotten until they are used again. */
const MAX_NOTED = 100_000;
const TIMEOUT_MS = 5_000;

/** Remembers which keys were used, to the minute, until somebody takes the notes. */
export class KeyUseNotes {
  #notes = new Map<string, number>();

  used(secretId: string, nowMs: number): void {
    const minute = nowMs - (nowMs % MINUTE_MS);
    if (this.#notes.get(secretId) === minute) return;
    if (this.#notes.size < MAX_NOTED || this.#notes.has(secretId))
      this.#notes.set(secretId, minute);
  }

  /** Takes up to so many notes out. */
  take(most: number): KeyUse[] {
    const taken = [...this.#notes.entries()].slice(0, most);
    for (const [secretId] of taken) this.#notes.delete(secretId);
    return taken.map(([secretId, atMs]) => ({ secretId, atMs }));
  }

  /** Puts notes back that could not be delivered; newer ones stay. */
  putBack(uses: readonly KeyUse[]): void {
    for (const { secretId, atMs } of uses) {
      if ((this.#notes.get(secretId) ?? 0) < atMs) this.used(secretId, atMs);
    }
  }
}

export interface KeyUseReporter {
  readonly notes: KeyUseNotes;
  /** Reports what is noted. Never rejects: what could not be delivered is kept for the next time. */
  report(): Promise<void>;
  stop(): Promise<void>;
}

/** Tells control once a minute which keys were used: off every call's way. */
export function openKeyUseReporter(options: {
  readonly controlUrl: string;
  readonly controlToken: string;
  readonly everyMs?: number;
  readonly warn: (fields: object, message: string) => void;
}): KeyUseReporter {
  const { controlUrl, controlToken, everyMs = MINUTE_MS, warn } = options;
  const notes = new KeyUseNotes();
  const pool = new Pool(new URL(controlUrl).origin, { connections: 1 });
  const deliver = async (uses: readonly KeyUse[]): Promise<void> => {
    const { statusCode, body } = await pool.request({
      method: "POST",
      path: "/internal/key-use",
      headers: { authorization: `Bearer ${controlToken}`, "content-type": "application/json" },
      body: JSON.stringify({ uses }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await body.dump();
    if (statusCode !== 204) throw new Error(`control answered ${statusCode}`);
  };
  const report = async (): Promise<void> => {
    for (;;) {
      const uses = notes.take(maxUsesPerReport);
      if (uses.length === 0) return;
      try {
        await deliver(uses);
      } catch (err) {
        notes.putBack(uses);
        warn({ err }, "control was not told which keys were used; it will be");
        return;
      }
    }
  };
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(report);
  }, everyMs).unref();
  return {
    notes,
    report,
    stop: async () => {
      clearInterval(timer);
      await running;
      await report();
      await pool.destroy();
    },
  };
}

import { Pool } from "undici";
import { Value } from "typebox/value";
import { Type } from "typebox";
import type { NewPause } from "../../contracts/stop.ts";
import { sleep } from "../sleep.ts";

const TIMEOUT_MS = 5_000;
const RETRY_MIN_MS = 200;
const RETRY_MAX_MS = 10_000;
/** Enough for an outage; a pause that control was never told of ends with the proxy. */
const MAX_TRIES = 1_000;

const Kept = Type.Object({ id: Type.String() });

export interface PauseReporter {
  /** Resolves to the stop's id at control. @throws when it was given up. */
  readonly report: (pause: NewPause) => Promise<string>;
  stop(): Promise<void>;
}

/** Tells control what this proxy has paused by itself, until it hears. */
export function openPauseReporter(options: {
  readonly controlUrl: string;
  readonly controlToken: string;
  readonly log: { warn(fields: object, message: string): void };
}): PauseReporter {
  const { controlUrl, controlToken, log } = options;
  const pool = new Pool(new URL(controlUrl).origin, { connections: 1 });
  const stopping = new AbortController();
  const tell = async (pause: NewPause): Promise<string> => {
    const { statusCode, body } = await pool.request({
      method: "POST",
      path: "/internal/stops/pauses",
      headers: { authorization: `Bearer ${controlToken}`, "content-type": "application/json" },
      body: JSON.stringify(pause),
      signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const text = await body.text();
    if (statusCode !== 201) throw new Error(`control answered ${statusCode}`);
    return Value.Parse(Kept, JSON.parse(text)).id;
  };
  return {
    report: async (pause) => {
      let retryMs = RETRY_MIN_MS;
      for (let tries = 1; ; tries += 1) {
        try {
          return await tell(pause);
        } catch (err) {
          if (stopping.signal.aborted || tries >= MAX_TRIES) throw err;
          log.warn({ err, retryMs }, "control was not told of a pause; it holds here");
          await sleep(retryMs, stopping.signal);
          retryMs = Math.min(retryMs * 2, RETRY_MAX_MS);
        }
      }
    },
    stop: async () => {
      stopping.abort();
      await pool.destroy();
    },
  };
}

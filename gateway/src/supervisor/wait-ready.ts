import { Agent, request } from "undici";
import type { Clock } from "./clock.ts";

const LOOK_EVERY_MS = 50;
const ANSWER_WITHIN_MS = 2_000;

/** To ask a part of our own whether it is up; its certificate is for the names that clients use. */
const ownParts = new Agent({
  connect: { rejectUnauthorized: false },
  keepAliveTimeout: 1_000,
  pipelining: 0,
});

/** Asks `/readyz` until it answers 200. @returns false when it has not within `withinMs`. */
export async function waitReady(
  origin: string,
  withinMs: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  const deadline = clock.now() + withinMs;
  while (clock.now() < deadline && !signal.aborted) {
    if (await isReady(origin)) return true;
    await clock.sleep(LOOK_EVERY_MS, signal);
  }
  return false;
}

export async function isReady(origin: string): Promise<boolean> {
  try {
    const { statusCode, body } = await request(`${origin}/readyz`, {
      dispatcher: ownParts,
      headersTimeout: ANSWER_WITHIN_MS,
      bodyTimeout: ANSWER_WITHIN_MS,
    });
    await body.dump();
    return statusCode === 200;
  } catch {
    return false;
  }
}

import { setTimeout as sleep } from "node:timers/promises";
import { createRemoteJWKSet, errors, type FlattenedJWSInput, type JWSHeaderParameters } from "jose";

export type KeyFinder = (
  header: JWSHeaderParameters,
  token: FlattenedJWSInput,
) => ReturnType<ReturnType<typeof createRemoteJWKSet>>;

const timeoutMs = 5_000;
// A forged token with a made-up key id must not make Weir ask the provider at every request.
const cooldownMs = 2_000;
/** Each holds a connection for the time of the cool-down. */
const maxWaiting = 16;

/**
 * Keys of the provider, fetched when one is asked for that is not known yet. A provider tells of a
 * logout once: if its keys have changed since a fetch of a moment ago, the token waits for the next.
 */
export function remoteKeys(jwksUri: string): KeyFinder {
  const keys = createRemoteJWKSet(new URL(jwksUri), {
    timeoutDuration: timeoutMs,
    cooldownDuration: cooldownMs,
  });
  let waiting = 0;
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || waiting >= maxWaiting) throw error;
    }
    waiting += 1;
    try {
      await sleep(cooldownMs);
    } finally {
      waiting -= 1;
    }
    return keys(header, token);
  };
}

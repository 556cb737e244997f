const BASE_MS = 250;
const MAX_MS = 30_000;

/**
 * Milliseconds to wait after the n-th failure in a row (from 1): doubling, capped, and spread
 * over half of it so that several shippers do not come back at once. `random` is in [0, 1).
 */
export function backoffMs(failures: number, random: () => number): number {
  const full = Math.min(MAX_MS, BASE_MS * 2 ** Math.min(failures - 1, 16));
  return Math.round(full / 2 + (full / 2) * random());
}

const FIRST_MS = 100;
const MAX_MS = 10_000;

/** A child that ran this long has not failed at its start, and begins anew. */
export const STABLE_AFTER_MS = 30_000;

/** After so many deaths in a row a child that was never up is given up. */
export const MAX_START_FAILURES = 5;

/** How long to wait before the next start, after `failures` short lives in a row (1, 2, …). */
export function backOffMs(failures: number): number {
  return Math.min(FIRST_MS * 2 ** (Math.max(1, failures) - 1), MAX_MS);
}

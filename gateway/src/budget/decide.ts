/** The arithmetic of a counter, the same wherever it is kept. */
import type { Charge } from "./protocol.ts";

/** A spender is given at most so many times what its call needs. */
const MAX_CALLS_AHEAD = 32;

/** Of what is left each spender is given at most this part: the last of it goes call by call. */
const SHARES_PER_SPENDER = 4;

/** Whether a call may begin when so much is spent and held already. */
export function hasRoom(
  charge: Pick<Charge, "amount" | "limit" | "mustFit" | "soft">,
  total: number,
) {
  if (charge.soft || charge.amount === 0) return true;
  return charge.mustFit ? total + charge.amount <= charge.limit : total < charge.limit;
}

/**
 * What to give besides the call's own amount, so that the next calls need not ask. Nothing near
 * the limit: there each call is decided by itself.
 */
export function slackFor(charge: Charge, total: number, spenders: number): number {
  const { amount, limit, soft } = charge;
  const most = amount * MAX_CALLS_AHEAD;
  if (soft && total >= limit) return most;
  const left = limit - total - amount;
  const slack = Math.min(most, Math.floor(left / (SHARES_PER_SPENDER * (spenders + 1))));
  return slack < amount ? 0 : slack;
}

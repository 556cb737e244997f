import { request } from "undici";
import { Value } from "typebox/value";
import { SpentCounters } from "../contracts/budget.ts";
import type { KnownSpend } from "./follow-ledger.ts";

const ANSWER_WITHIN_MS = 30_000;

/** Asks control what the ledger knows to be spent. @throws while control or the ledger is down. */
export async function readSpent(
  controlUrl: string,
  controlToken: string,
  signal: AbortSignal,
): Promise<readonly KnownSpend[]> {
  const { statusCode, body } = await request(`${controlUrl}/internal/budgets/spent`, {
    headers: { authorization: `Bearer ${controlToken}` },
    headersTimeout: ANSWER_WITHIN_MS,
    bodyTimeout: ANSWER_WITHIN_MS,
    signal,
  });
  const answer = await body.json();
  if (statusCode !== 200) throw new Error(`control answered ${statusCode}`);
  return Value.Parse(SpentCounters, answer).counters;
}

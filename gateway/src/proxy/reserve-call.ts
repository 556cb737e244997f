/** The budgets' part of the pipeline: what a call could use at most, and what it did use. */
import { textOfRequest } from "./estimate/text-of-request.ts";
import type { Changes } from "./authorize/obligations.ts";
import { noTokens } from "./dialects/token-counts.ts";
import type { Ending, Exchange } from "./exchange.ts";
import type { Attempt } from "../contracts/call-event.ts";
import type { Cost, Usage } from "../contracts/usage.ts";
import type { Amounts } from "./limit/budget-book.ts";
import { type Used, usedNothing } from "./limit/reservation.ts";
import type { PipelineContext } from "./pipeline-context.ts";
import type { Payload, PreparedCall } from "./prepared-call.ts";
import { Refusal } from "./refusal.ts";
import type { Target } from "./route/target.ts";

/** A token is seldom less than two bytes of text; ordinary prose has four a token. */
const BYTES_PER_TOKEN = 2;

/** Images, audio and files: more tokens a byte than any provider counts for them. */
const MEDIA_BYTES_PER_TOKEN = 32;

/** What a provider remembers of earlier answers is not in the request: a usual context window. */
const UNSEEN_HISTORY_TOKENS = 131_072;

/** For models that are paid by the second. */
const ASSUMED_UPSTREAM_MS = 60_000;

/**
 * Reserves for this target what the call could use there. What was reserved for a target before it
 * is settled first, with what that one has billed.
 *
 * @throws Refusal WEIR_BUDGET_SPENT, WEIR_RATE_LIMITED, WEIR_BUDGET_UNPRICED, WEIR_BUDGET_UNAVAILABLE
 */
export async function reserveFor(
  exchange: Exchange,
  call: PreparedCall,
  target: Target,
  changes: Pick<Changes, "maxTokens">,
  context: PipelineContext,
): Promise<void> {
  const { budgets } = context.snapshot();
  if (budgets.isEmpty) return;
  const { principal, asserted } = exchange;
  if (principal === undefined) throw new Refusal("WEIR_INTERNAL");
  settleFailedTarget(exchange);
  const counted = {
    principal,
    model: target.model,
    sessionId: asserted.sessionId,
    runId: runIdOf(exchange),
  };
  const amounts = amountsOf(exchange, call, target, changes, context);
  const reserved = context.budgetGate.reserve(budgets, counted, amounts);
  // Decided in this process: no turn of the event loop is lost.
  exchange.reservation = reserved instanceof Promise ? await reserved : reserved;
  exchange.attemptsBefore = exchange.failedAttempts.length;
}

/** Settles a call that has ended, however it ended. Once: a second time changes nothing. */
export function settleCall(exchange: Exchange, ending: Ending): void {
  const { reservation } = exchange;
  if (reservation === undefined) return;
  reservation.settle(usedBy(exchange, ending));
  for (const { id } of reservation.warned) ending.flags.push(`over_soft_limit:${id}`);
}

function settleFailedTarget(exchange: Exchange): void {
  const { reservation } = exchange;
  if (reservation === undefined) return;
  // The call counts as one request, at the target where it ends.
  reservation.settle({ ...usedOf(attemptsAt(exchange)), requests: 0 });
}

function usedBy(exchange: Exchange, ending: Ending): Used {
  const failed = attemptsAt(exchange);
  const wasAsked = ending.attempts > exchange.failedAttempts.length;
  const used = usedOf(wasAsked ? [...failed, ending] : failed);
  return { ...used, requests: ending.attempts > 0 ? 1 : 0 };
}

/** The failed attempts that fall under the reservation in force. */
function attemptsAt({ failedAttempts, attemptsBefore = 0 }: Exchange): readonly Attempt[] {
  return failedAttempts.slice(attemptsBefore);
}

function usedOf(bills: readonly { readonly usage: Usage; readonly cost: Cost }[]): Used {
  let { tokens, microUsd }: Pick<Used, "tokens" | "microUsd"> = usedNothing;
  for (const { usage, cost } of bills) {
    const isFree = cost.status === "not_billed";
    const used = usage.tokens === null ? (isFree ? 0 : null) : sumOf(usage.tokens);
    tokens = tokens === null || used === null ? null : tokens + used;
    const paid = isFree ? 0 : cost.microUsd;
    microUsd = microUsd === null || paid === null ? null : microUsd + paid;
  }
  return { requests: 0, tokens, microUsd };
}

function sumOf(counts: NonNullable<Usage["tokens"]>): number {
  let sum = 0;
  for (const count of Object.values(counts)) sum += count;
  return sum;
}

function amountsOf(
  exchange: Exchange,
  { payload }: PreparedCall,
  target: Target,
  changes: Pick<Changes, "maxTokens">,
  context: PipelineContext,
): Amounts {
  const whole = { requests: 1, concurrency: 1 };
  const { facts, operation } = exchange;
  const isReading = payload.kind === "opaque" && payload.method === "GET";
  if (operation.free || isReading) return { ...whole, tokens: 0, micro_usd: 0 };
  const input =
    inputTokens(exchange, payload) + (facts?.stateIds.length ? UNSEEN_HISTORY_TOKENS : 0);
  const asked = facts?.maxTokens ?? context.limits.assumedOutputTokens * (facts?.answers ?? 1);
  const output = Math.min(asked, changes.maxTokens ?? asked);
  return {
    ...whole,
    tokens: input + output,
    micro_usd: priceOf(exchange, target, { input, output }, context),
  };
}

function inputTokens({ received }: Exchange, payload: Payload): number {
  const bytes = received?.bytes ?? 0;
  if (payload.kind !== "json") return Math.ceil(bytes / MEDIA_BYTES_PER_TOKEN);
  const textBytes = Buffer.byteLength(textOfRequest(payload.body));
  const mediaBytes = Math.max(0, payload.bytes.length - textBytes);
  return Math.ceil(textBytes / BYTES_PER_TOKEN + mediaBytes / MEDIA_BYTES_PER_TOKEN);
}

/** The dearest that so many tokens can be: written to a cache they cost more than read plainly. */
function priceOf(
  { startedAtMs }: Exchange,
  { upstream, model }: Target,
  { input, output }: { input: number; output: number },
  { pricer }: PipelineContext,
): number | null {
  const facts = { atMs: startedAtMs, upstreamMs: ASSUMED_UPSTREAM_MS };
  const price = (tokens: Partial<NonNullable<Usage["tokens"]>>) =>
    pricer.price(upstream.name, model, { ...noTokens(), ...tokens }, facts).microUsd;
  const plain = price({ inputUncached: input, outputVisible: output });
  // Models that only read, such as those for embeddings, have no price for output.
  if (plain === null) return price({ inputUncached: input });
  return Math.max(plain, price({ cacheWrite1h: input, outputVisible: output }) ?? plain);
}

/** A run as its client names it: it can only narrow what its verified caller may spend. */
function runIdOf({ caller }: Exchange): string {
  const value = caller.headers["x-weir-run-id"];
  return typeof value === "string" ? value.slice(0, 256) : "";
}

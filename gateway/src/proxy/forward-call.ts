/** Takes a prepared call to its targets, one after the other, until one answers. */
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { attempt, type Answered, type Attempted, isTransient, type RetryRule } from "./attempt.ts";
import { authorize, obligedTarget } from "./authorize-call.ts";
import type { Exchange } from "./exchange.ts";
import { failedAttempt } from "./failed-attempt.ts";
import type { Relayed } from "./forward/relayed.ts";
import { outgoingFor, type Outgoing } from "./outgoing.ts";
import type { PipelineContext } from "./pipeline-context.ts";
import type { PreparedCall } from "./prepared-call.ts";
import { ClientGone } from "./client-gone.ts";
import { Refusal } from "./refusal.ts";
import { reserveFor } from "./reserve-call.ts";
import { throwIfStopped } from "./stop/throw-if-stopped.ts";
import { endStage } from "./stage.ts";
import type { Target } from "./route/target.ts";

/** How one request is made, and how to wait between two. `T` is what came of one. */
export interface Asking<T extends Answered> {
  attempt(outgoing: Outgoing, retryRule: RetryRule): Promise<T>;
  /** Lets go of an attempt that another one takes the place of. */
  abandon(attempted: T): void;
  /** @throws ClientGone */
  pause(ms: number): Promise<void>;
}

/** @throws Refusal of the last target that could not be asked; ClientGone */
export async function forwardCall(
  exchange: Exchange,
  response: ServerResponse,
  call: PreparedCall,
  context: PipelineContext,
): Promise<Attempted> {
  const asking: Asking<Attempted> = {
    attempt: (outgoing, rule) => attempt(exchange, response, outgoing, rule, context),
    abandon: ({ relay }) => relay.abandon(),
    pause: (ms) => pause(response, ms, exchange, context),
  };
  return askTargets(exchange, call, asking, context);
}

/**
 * Each target is decided on by itself, so that an alias is no way round policy: one that is denied,
 * down or full is passed over for the next. Another attempt is made only while the client has seen
 * nothing of an answer.
 *
 * @throws Refusal of the last target that could not be asked; ClientGone
 */
export async function askTargets<T extends Answered>(
  exchange: Exchange,
  call: PreparedCall,
  asking: Asking<T>,
  context: PipelineContext,
): Promise<T> {
  let told: Fruitless | null = null;
  for (const [index, target] of call.targets.entries()) {
    const isLast = index === call.targets.length - 1;
    try {
      const outgoing = await decideOn(exchange, call, target, context);
      endStage(exchange, "authorize", context);
      const attempted = await tryTarget(exchange, asking, { outgoing, call, isLast }, context);
      if (attempted !== null) return attempted;
      told = weightier(told, fruitless(exchange, failedBefore()));
    } catch (thrown) {
      if (!(thrown instanceof Refusal) || !passesOn(thrown)) throw thrown;
      told = weightier(told, fruitless(exchange, thrown));
    }
  }
  if (told === null) throw new Refusal("WEIR_NO_PROVIDER");
  Object.assign(exchange, told.at);
  throw told.refusal;
}

/** Why nothing came of a target, and what the exchange said when it was at that target. */
interface Fruitless {
  readonly refusal: Refusal;
  readonly at: Pick<Exchange, "target" | "decision">;
}

function fruitless({ target, decision }: Exchange, refusal: Refusal): Fruitless {
  return {
    refusal,
    at: {
      ...(target !== undefined && { target }),
      ...(decision !== undefined && { decision }),
    },
  };
}

/** Waiting may help with one target though another is closed for good: then that is what to say. */
function weightier(earlier: Fruitless | null, later: Fruitless): Fruitless {
  const isForGood = ({ refusal: { code } }: Fruitless) =>
    code === "WEIR_POLICY_DENIED" || code === "WEIR_NOT_TRANSLATABLE";
  return earlier !== null && isForGood(later) && !isForGood(earlier) ? earlier : later;
}

function failedBefore(): Refusal {
  return new Refusal("WEIR_UPSTREAM_UNREACHABLE", {
    message: "The provider failed, and there is no other one for this call. Try again later.",
  });
}

/** What is wrong with one target need not be wrong with the next. */
function passesOn({ code }: Refusal): boolean {
  return (
    code === "WEIR_POLICY_DENIED" ||
    code === "WEIR_PROVIDER_BUSY" ||
    code === "WEIR_PROVIDER_DOWN" ||
    // The next may be another model, with a budget of its own, or a cheaper one.
    code === "WEIR_BUDGET_SPENT" ||
    code === "WEIR_BUDGET_UNPRICED" ||
    code === "WEIR_RATE_LIMITED" ||
    code === "WEIR_NOT_TRANSLATABLE"
  );
}

async function decideOn(
  exchange: Exchange,
  call: PreparedCall,
  target: Target,
  context: PipelineContext,
): Promise<Outgoing> {
  exchange.target = target;
  const changes = authorize(exchange, target, context);
  const obliged = obligedTarget(exchange, target, changes, context);
  exchange.target = obliged;
  await reserveFor(exchange, call, obliged, changes, context);
  return outgoingFor(exchange, call, obliged, changes, context);
}

/** Null when all attempts at this target failed in a way after which the next may be tried. */
async function tryTarget<T extends Answered>(
  exchange: Exchange,
  asking: Asking<T>,
  { outgoing, call, isLast }: { outgoing: Outgoing; call: PreparedCall; isLast: boolean },
  context: PipelineContext,
): Promise<T | null> {
  // A body that streams through is gone after the first attempt.
  const isRepeatable = call.payload.kind === "json";
  const retries = isRepeatable && outgoing.translated === null ? context.routing.retries : 0;
  const hasNext = isRepeatable && !isLast;
  for (let retry = 0; ; retry += 1) {
    throwIfStopped(exchange);
    const isWorthWaiting = (afterMs: number | null) =>
      retry < retries && (afterMs ?? 0) <= context.routing.maxBackoffMs;
    const attempted = await asking.attempt(
      outgoing,
      (status, afterMs) => isTransient(status) && (hasNext || isWorthWaiting(afterMs)),
    );
    endStage(exchange, "forward", context);
    const { relayed } = attempted;
    const isFruitless =
      relayed.end === "retryable" || (neverAnswered(relayed) && (hasNext || isWorthWaiting(null)));
    if (!isFruitless) return attempted;
    asking.abandon(attempted);
    exchange.failedAttempts.push(failedAttempt(attempted, context.pricer));
    if (!isWorthWaiting(relayed.retryAfterMs)) return null;
    await asking.pause(relayed.retryAfterMs ?? backoffMs(retry, context));
  }
}

function neverAnswered(relayed: Relayed): boolean {
  return (
    relayed.end === "failed" && relayed.upstreamStatus === 0 && !(relayed.error instanceof Refusal)
  );
}

/** Full jitter: calls that failed together must not come back together. */
function backoffMs(retry: number, { routing, clock }: PipelineContext): number {
  return Math.min(routing.maxBackoffMs, routing.backoffMs * 2 ** retry) * clock.random();
}

async function pause(
  response: ServerResponse,
  ms: number,
  { watched }: Exchange,
  context: PipelineContext,
): Promise<void> {
  const waiting = new AbortController();
  const left = once(response, "close", { signal: waiting.signal }).then(
    () => waiting.abort(),
    () => undefined,
  );
  const signals = watched === undefined ? [] : [watched.signal];
  await context.clock.sleep(ms, AbortSignal.any([waiting.signal, ...signals]));
  const isGone = response.destroyed;
  waiting.abort();
  await left;
  if (isGone) throw new ClientGone();
}

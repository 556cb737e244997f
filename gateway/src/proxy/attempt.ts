/** One request to one target, and how far its answer came. */
import type { ServerResponse } from "node:http";
import { CapturingTap } from "./content/capturing-tap.ts";
import { unknownResponse } from "./dialects/response-facts.ts";
import type { ResponseFacts } from "./dialects/dialect.ts";
import type { Exchange } from "./exchange.ts";
import { Relay } from "./forward/relay.ts";
import { TranslatedRelay } from "./forward/translated-relay.ts";
import type { DrainBounds, Relayed, TapFactory } from "./forward/relayed.ts";
import { openTap, type MeteringTap } from "./meter/open-tap.ts";
import type { Outgoing } from "./outgoing.ts";
import type { PipelineContext } from "./pipeline-context.ts";
import { callHeaders } from "./reply/refuse.ts";
import { cutWhenStopped } from "./stop/cut-when-stopped.ts";
import type { Health } from "./route/target-gate.ts";

/** What came of one request to one target. */
export interface Answered {
  readonly outgoing: Outgoing;
  readonly relayed: Relayed;
  readonly facts: ResponseFacts;
  readonly durationMs: number;
}

export interface Attempted extends Answered {
  readonly relay: Relay | TranslatedRelay;
}

/** Says whether another attempt is to be made instead of showing this answer to the client. */
export type RetryRule = (status: number, retryAfterMs: number | null) => boolean;

/** Statuses after which the same request may well succeed: overload, and failures of the provider. */
export function isTransient(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || status >= 500;
}

/**
 * Asks a target and carries its answer to the client, up to the bytes that complete it.
 *
 * @throws Refusal WEIR_PROVIDER_BUSY, WEIR_PROVIDER_DOWN; then the provider was not asked.
 */
export async function attempt(
  exchange: Exchange,
  response: ServerResponse,
  outgoing: Outgoing,
  retryRule: RetryRule,
  context: PipelineContext,
): Promise<Attempted> {
  const { clock } = context;
  const startedAt = clock.monotonicMs();
  exchange.overheadMs ??= startedAt - exchange.startedAt;
  const { gate, upstream } = outgoing.target;
  exchange.content?.response.clear();
  return gate.enter(() => {
    const health = Promise.withResolvers<Health>();
    const metering: { tap?: MeteringTap["tap"] } = {};
    const options = {
      response,
      headers: {
        ...callHeaders({ callId: exchange.id, decisionId: exchange.decision?.id ?? "" }),
        "x-weir-overhead-ms": (exchange.overheadMs ?? 0).toFixed(3),
        ...exchange.reservation?.headers(clock.nowMs()),
      },
      openTap: tapFactory(exchange, outgoing, metering, context),
      now: clock.monotonicMs,
      nowMs: clock.nowMs,
      isRetryable: retryRule,
      stallMs: context.limits.idleTimeoutMs,
      drain: drainBounds(() => metering.tap?.facts().output.length ?? 0, context),
      onHead: (status: number) => health.resolve(gate.healthOf(status)),
    };
    const { translated } = outgoing;
    const relay =
      translated === null ? new Relay(options) : new TranslatedRelay({ ...options, translated });
    cutWhenStopped(exchange, relay);
    upstream.dispatcher.dispatch(
      {
        origin: upstream.origin,
        method: outgoing.method,
        path: outgoing.path,
        headers: outgoing.headers,
        body: outgoing.body,
      },
      relay,
    );
    const ended = relay.ended.then((relayed) => {
      // A client that left before the answer says nothing about the provider.
      health.resolve("healthy");
      const facts = metering.tap?.facts() ?? unknownResponse();
      const durationMs = clock.monotonicMs() - startedAt;
      return { outgoing, relay, relayed, facts, durationMs };
    });
    return { health: health.promise, ended };
  });
}

function tapFactory(
  exchange: Exchange,
  { metered, stripUsageFrame }: Outgoing,
  metering: { tap?: MeteringTap["tap"] },
  { scheme }: PipelineContext,
): TapFactory {
  const isStreamAsked = exchange.facts?.stream ?? false;
  const gatewayOrigin = () => `${scheme}://${plainHost(exchange.caller.headers.host)}`;
  return (answer) => {
    const opened = openTap(metered, answer, { stripUsageFrame, isStreamAsked, gatewayOrigin });
    metering.tap = opened.tap;
    if (exchange.content === undefined) return opened;
    return { ...opened, tap: new CapturingTap(opened.tap, exchange.content.response) };
  };
}

/** A host as the client named it, if it can stand in an address. */
function plainHost(host: string | undefined): string {
  return host !== undefined && /^[\w.:[\]-]+$/.test(host) ? host : "localhost";
}

/** Roughly what a token is in text; it only bounds how long an unseen answer is read. */
const CHARACTERS_PER_TOKEN = 4;

/** @param generated characters of the answer so far */
export function drainBounds(
  generated: () => number,
  { metering: { onClientAbort, drainMaxMs, drainMaxTokens } }: PipelineContext,
): DrainBounds | null {
  if (onClientAbort === "cancel") return null;
  return {
    maxMs: drainMaxMs,
    isEnough: () => generated() > drainMaxTokens * CHARACTERS_PER_TOKEN,
  };
}

/**
 * The way of a call through the proxy, and the one file that knows its order:
 * authenticate → limit → authorize → forward → meter → record → reply.
 */
import { authenticate } from "./authenticate/authenticate.ts";
import { obligationEdits, type Changes } from "./authorize/obligations.ts";
import { authorize, routeAgain } from "./authorize-call.ts";
import { editMembers, parseBody, type JsonObject } from "./dialects/json-body.ts";
import { abandonedEnding, refusedEnding, relayedEnding, relayedRefusal } from "./ending.ts";
import type { Ending, Exchange } from "./exchange.ts";
import { upstreamHeaders } from "./forward/headers.ts";
import { Relay } from "./forward/relay.ts";
import type { Upstream } from "./forward/upstream.ts";
import { admit } from "./limit/admit.ts";
import { openTap, type MeteringTap } from "./meter/open-tap.ts";
import type { PipelineContext } from "./pipeline-context.ts";
import { ClientGone, readBody } from "./read-body.ts";
import { callEvent } from "./record/call-event.ts";
import { asRefusal, Refusal } from "./refusal.ts";
import { callHeaders, refuse } from "./reply/refuse.ts";

/** Serves one LLM call from its head to its row. Never throws. */
export async function serveCall(exchange: Exchange, context: PipelineContext): Promise<void> {
  await serve(exchange, context);
  context.bodyRoom.giveBack(exchange.body?.length ?? 0);
}

async function serve(exchange: Exchange, context: PipelineContext): Promise<void> {
  let prepared: Prepared;
  try {
    prepared = await prepare(exchange, context);
  } catch (thrown) {
    await endUnsent(exchange, context, thrown);
    return;
  }
  try {
    await forward(exchange, prepared, context);
  } catch (thrown) {
    context.observer.failed("call failed after it was forwarded", exchange, thrown);
    // The client may have part of an answer: a cut is all that can be said, but the row must be.
    exchange.response.destroy();
    if (exchange.ending === undefined) await endUnsent(exchange, context, thrown);
  }
}

interface Prepared {
  upstream: Upstream;
  /** The request body as it goes to the provider. */
  body: Buffer;
  stripUsageFrame: boolean;
}

/** Everything before the provider is asked. */
async function prepare(exchange: Exchange, context: PipelineContext): Promise<Prepared> {
  const { request, dialect } = exchange;
  const snapshot = context.snapshot();
  exchange.principal = authenticate(request.headers, snapshot, exchange.startedAtMs);
  admit(context.capacity);
  exchange.body = await readBody(request, context.maxBodyBytes, context.bodyRoom);
  const body = parseBody(exchange.body, dialect.governedMembers);
  exchange.facts = dialect.describe(body);
  exchange.modelResolved = exchange.facts.model;
  const upstream = context.upstreams.select(dialect.providerDialect, exchange.facts.model);
  if (upstream === undefined) throw new Refusal("WEIR_NO_PROVIDER");
  exchange.upstream = upstream;
  const changes = authorize(exchange, upstream, snapshot, context);
  exchange.modelResolved = changes.model ?? exchange.facts.model;
  exchange.upstream = routeAgain(exchange, changes, context.upstreams) ?? upstream;
  return { upstream: exchange.upstream, ...changedBody(exchange, exchange.body, body, changes) };
}

function changedBody(exchange: Exchange, bytes: Buffer, body: JsonObject, changes: Changes) {
  const metering = exchange.dialect.meteringEdits(body);
  const edits = [...obligationEdits(changes, exchange.dialect, body), ...metering.edits];
  return {
    body: edits.length === 0 ? bytes : editMembers(bytes, edits),
    stripUsageFrame: metering.stripUsageFrame,
  };
}

async function forward(
  exchange: Exchange,
  { upstream, body, stripUsageFrame }: Prepared,
  context: PipelineContext,
): Promise<void> {
  const { request, response, dialect } = exchange;
  const metering: { tap?: MeteringTap["tap"] } = {};
  const relay = new Relay({
    response,
    headers: callHeaders(idsOf(exchange)),
    openTap: (answer) => {
      const opened = openTap(dialect, answer, stripUsageFrame);
      metering.tap = opened.tap;
      return opened;
    },
    now: context.clock.monotonicMs,
  });
  const overheadMs = context.clock.monotonicMs() - exchange.startedAt;
  const credential = upstream.apiKey === null ? null : dialect.credentialHeader(upstream.apiKey);
  upstream.pool.dispatch(
    {
      method: "POST",
      path: `${upstream.basePath}${dialect.upstreamPath}${queryOf(request.url)}`,
      headers: upstreamHeaders(request.rawHeaders, credential),
      body,
    },
    relay,
  );
  const relayed = await relay.ended;
  const facts = metering.tap?.facts() ?? dialect.meterJson(undefined);
  const refusal = relayedRefusal(relayed, facts);
  const ending = relayedEnding(exchange, relayed, facts, refusal, {
    pricer: context.pricer,
    overheadMs,
  });
  await finish(exchange, relay, relayed, refusal, ending, context);
}

/** Records the call, then lets the client see its end. */
async function finish(
  exchange: Exchange,
  relay: Relay,
  relayed: { end: string; begun: boolean; streamed: boolean },
  refusal: Refusal | null,
  ending: Ending,
  context: PipelineContext,
): Promise<void> {
  const { response, dialect } = exchange;
  const ids = idsOf(exchange);
  const answerable = relayed.end !== "client_abort";
  let spoken = refusal;
  if (refusal !== null && answerable && !relayed.begun) {
    ending.status = dialect.renderRefusal(refusal, ids).status;
  }
  if (!answerable && !relayed.begun) ending.status = 0;
  try {
    await record(exchange, ending, context);
  } catch (failure) {
    context.observer.failed("call could not be recorded", exchange, failure);
    // A call without a row must not look complete to its client.
    spoken = new Refusal("WEIR_SPOOL_FULL", { cause: failure });
  }
  if (!answerable) return;
  if (spoken === null) relay.release();
  else if (!relayed.begun) {
    relay.abandon();
    refuse(response, dialect, spoken, ids);
  } else if (relayed.streamed) relay.breakOff(dialect.renderStreamError(spoken, ids));
  else relay.cut();
}

/** A call that ends before a provider was asked: recorded first, then answered. */
export async function endUnsent(
  exchange: Exchange,
  context: PipelineContext,
  thrown: unknown,
): Promise<void> {
  const { response, dialect } = exchange;
  const ids = idsOf(exchange);
  const overheadMs = context.clock.monotonicMs() - exchange.startedAt;
  let refusal = asRefusal(thrown);
  if (refusal.code === "WEIR_INTERNAL" && !(thrown instanceof ClientGone)) {
    context.observer.failed("call failed before it was forwarded", exchange, thrown);
  }
  const status = dialect.renderRefusal(refusal, ids).status;
  const ending =
    thrown instanceof ClientGone
      ? abandonedEnding(overheadMs)
      : refusedEnding(refusal, status, overheadMs);
  try {
    await record(exchange, ending, context);
  } catch (failure) {
    context.observer.failed("call could not be recorded", exchange, failure);
    refusal = new Refusal("WEIR_SPOOL_FULL", { cause: failure });
  }
  refuse(response, dialect, refusal, ids);
}

/** Appends the call's row; resolves when it is in the spool. */
export async function record(
  exchange: Exchange,
  ending: Ending,
  context: PipelineContext,
): Promise<void> {
  exchange.ending = ending;
  const event = callEvent(exchange, ending, context.clock.monotonicMs());
  context.observer.finished(exchange, ending);
  await context.spool.append({ type: "call", event });
}

function idsOf(exchange: Exchange): { callId: string; decisionId: string } {
  return { callId: exchange.id, decisionId: exchange.decision?.id ?? "" };
}

function queryOf(url: string | undefined): string {
  const at = url?.indexOf("?") ?? -1;
  return at === -1 ? "" : (url ?? "").slice(at);
}

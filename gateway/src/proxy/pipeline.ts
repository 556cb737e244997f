/**
 * The way of a call through the proxy, and the one file that knows its order:
 * authenticate → admit → receive → route → authorize → reserve → forward → meter → settle → record → reply.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ContentEvent } from "../contracts/content-event.ts";
import type { Attempted } from "./attempt.ts";
import {
  abandonedEnding,
  refusedEnding,
  relayedEnding,
  relayedRefusal,
  unbilledEnding,
} from "./ending.ts";
import { estimateUntold } from "./estimate-usage.ts";
import type { Ending, Exchange } from "./exchange.ts";
import { forwardCall } from "./forward-call.ts";
import type { PipelineContext } from "./pipeline-context.ts";
import { prepareCall } from "./prepare-call.ts";
import type { PreparedCall } from "./prepared-call.ts";
import { ClientGone } from "./client-gone.ts";
import { HeldRoom } from "./receive/room.ts";
import { callEvent } from "./record/call-event.ts";
import { settleDecisionWrites } from "./record/decision-writes.ts";
import { asRefusal, Refusal } from "./refusal.ts";
import { settleCall } from "./reserve-call.ts";
import { refusalText } from "./dialects/status-table.ts";
import { endStage } from "./stage.ts";
import { denySoftly, refuse } from "./reply/refuse.ts";
import { oweUntold, settleOwed } from "./settle-owed.ts";

/** Serves one call from its head to its row. Never throws. */
export async function serveCall(
  exchange: Exchange,
  request: IncomingMessage,
  response: ServerResponse,
  context: PipelineContext,
): Promise<void> {
  const room = new HeldRoom(context.bodyRoom);
  const prepared: { call?: PreparedCall } = {};
  try {
    prepared.call = await prepareCall(exchange, request, room, context);
    const attempted = await forwardCall(exchange, response, prepared.call, context);
    await finish(exchange, response, prepared.call, attempted, context);
  } catch (thrown) {
    if (exchange.ending === undefined) {
      await endUnanswered(exchange, response, prepared.call, context, thrown);
    } else {
      context.observer.failed("call failed after it was recorded", exchange, thrown);
      // The client may have part of an answer: a cut is all that can be said.
      response.destroy();
    }
  } finally {
    exchange.watched?.leave();
    room.giveBack();
  }
}

/** Records a call that a provider answered, then lets the client see the answer's end. */
async function finish(
  exchange: Exchange,
  response: ServerResponse,
  call: PreparedCall,
  attempted: Attempted,
  context: PipelineContext,
): Promise<void> {
  const { relay, relayed, facts, outgoing } = attempted;
  const { dialect } = exchange.operation;
  const ids = idsOf(exchange);
  const refusal = relayedRefusal(relayed, facts);
  settleOwed(exchange, attempted, context.owed);
  const ending = relayedEnding(exchange, attempted, refusal, context.pricer);
  const isAnswerable = relayed.end !== "client_abort";
  if (refusal !== null && isAnswerable && !relayed.begun) {
    ending.status = dialect.renderRefusal(refusal, ids).status;
  }
  if (!isAnswerable && !relayed.begun) ending.status = 0;
  // A stop does not wait for an estimate of what was used: nothing here looks complete.
  const isStopped = refusal?.code === "WEIR_STOPPED" && isAnswerable;
  if (isStopped) speak(exchange, response, attempted, refusal);
  if (ending.usage.streamEnd !== "complete") {
    await estimateUntold(exchange, ending, attempted, call, context);
  }
  oweUntold(exchange, ending, context.owed);
  if (facts.stateIds.length > 0) context.router.keepState(facts.stateIds, outgoing.target);
  let spoken = refusal;
  try {
    await record(exchange, ending, context);
  } catch (failure) {
    context.observer.failed("call could not be recorded", exchange, failure);
    // A call without a row must not look complete to its client.
    spoken = new Refusal("WEIR_SPOOL_FULL", { cause: failure });
  }
  if (!isAnswerable || isStopped) return;
  if (spoken === null) relay.release();
  else speak(exchange, response, attempted, spoken);
}

/** Ends an answer with a refusal, as far as one can still be told. */
function speak(
  exchange: Exchange,
  response: ServerResponse,
  { relay, relayed, facts }: Attempted,
  refusal: Refusal,
): void {
  const { dialect } = exchange.operation;
  const ids = idsOf(exchange);
  if (!relayed.begun) {
    relay.abandon();
    refuse(response, dialect, refusal, ids);
  } else if (relayed.streamed) relay.breakOff(dialect.renderStreamError(refusal, ids, facts));
  else relay.cut();
}

/** A call that ends without a provider's answer: recorded first, then answered. */
export async function endUnanswered(
  exchange: Exchange,
  response: ServerResponse,
  call: Pick<PreparedCall, "denialStyle"> | undefined,
  context: PipelineContext,
  thrown: unknown,
): Promise<void> {
  const { dialect } = exchange.operation;
  const ids = idsOf(exchange);
  const refusal = asRefusal(thrown);
  if (refusal.code === "WEIR_INTERNAL" && !(thrown instanceof ClientGone)) {
    context.observer.failed("call failed before it was answered", exchange, thrown);
  }
  const soft = call?.denialStyle === "soft" ? softDenial(exchange, refusal) : null;
  const status = soft === null ? dialect.renderRefusal(refusal, ids).status : 200;
  const unbilled = unbilledEnding(exchange, context.clock.monotonicMs());
  const isGone = thrown instanceof ClientGone;
  const ending = isGone ? abandonedEnding(unbilled) : refusedEnding(unbilled, refusal, status);
  try {
    await record(exchange, ending, context);
  } catch (failure) {
    context.observer.failed("call could not be recorded", exchange, failure);
    refuse(response, dialect, new Refusal("WEIR_SPOOL_FULL", { cause: failure }), ids);
    return;
  }
  if (soft === null) refuse(response, dialect, refusal, ids);
  else denySoftly(response, soft, ids);
}

function softDenial(exchange: Exchange, refusal: Refusal) {
  const { operation, facts, id } = exchange;
  if (refusal.kind !== "denied" || operation.kind !== "json" || facts === undefined) return null;
  const text = refusalText(refusal, idsOf(exchange));
  return operation.softDenial(text, { model: facts.model, stream: facts.stream, id });
}

/** Appends the call's row; resolves when it and its decisions are in the spool. */
export async function record(
  exchange: Exchange,
  ending: Ending,
  context: PipelineContext,
): Promise<void> {
  exchange.ending = ending;
  // Before the row: what a budget has counted is never less than what is on record.
  settleCall(exchange, ending);
  exchange.stageStartedAt = context.clock.monotonicMs();
  const said = exchange.content === undefined ? null : await sealedContent(exchange, context);
  const event = callEvent(exchange, ending, exchange.stageStartedAt);
  context.observer.finished(exchange, ending);
  const written = context.spool.append({ type: "call", event });
  if (said === null) await written;
  else await Promise.all([written, context.spool.appendSoon({ type: "content", event: said })]);
  await settleDecisionWrites(exchange.decisionWrites, context.spool);
  endStage(exchange, "record", context);
}

function sealedContent(
  exchange: Exchange,
  { content }: PipelineContext,
): Promise<ContentEvent> | null {
  if (content === null || exchange.content === undefined) return null;
  return content.seal(exchange, exchange.content);
}

function idsOf(exchange: Exchange): { callId: string; decisionId: string } {
  return { callId: exchange.id, decisionId: exchange.decision?.id ?? "" };
}

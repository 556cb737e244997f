/** The way of one frame from its arrival to its row: as `pipeline.ts` for a POST. */
import type { Authenticated } from "../authenticate/authenticated.ts";
import { identify } from "../identify.ts";
import { refusalText } from "../dialects/status-table.ts";
import { softDenialEvents } from "../dialects/openai-responses/soft-denial.ts";
import { responsesOperation } from "../dialects/openai-responses/openai-responses.ts";
import {
  abandonedEnding,
  refusedEnding,
  relayedEnding,
  relayedRefusal,
  unbilledEnding,
} from "../ending.ts";
import { estimateUntold } from "../estimate-usage.ts";
import type { Ending, Exchange } from "../exchange.ts";
import { askTargets, type Asking } from "../forward-call.ts";
import { admit } from "../limit/admit.ts";
import { record } from "../pipeline.ts";
import type { PipelineContext } from "../pipeline-context.ts";
import { observeConversation } from "../observe-conversation.ts";
import { captureRequest, targetsFor } from "../prepare-call.ts";
import type { PreparedCall } from "../prepared-call.ts";
import { ClientGone } from "../client-gone.ts";
import type { HeldRoom } from "../receive/room.ts";
import { asRefusal, Refusal } from "../refusal.ts";
import { endStage } from "../stage.ts";
import { notBilled } from "../../prices/pricer.ts";
import { askForEvents, type AnsweredFrame, type SocketClient } from "./ask.ts";
import type { CreateFrame, UnreadableFrame } from "./frame.ts";
import { onLane, refusalMessages } from "./messages.ts";

/** A frame that asks for a response, or may have; `refusal` says why it will get none. */
export interface AskingFrame {
  readonly frame: CreateFrame | UnreadableFrame;
  readonly refusal: Refusal | null;
  /** What the frame takes of what all calls may hold, from its arrival to its end. */
  readonly room: HeldRoom;
}

/** Serves one frame. Never throws; resolves to why it was refused, if it was. */
export async function serveFrame(
  exchange: Exchange,
  asking: AskingFrame,
  client: SocketClient,
  context: PipelineContext,
): Promise<Refusal | null> {
  const { frame, room } = asking;
  const prepared: { call?: PreparedCall } = {};
  try {
    const key = await admitted(exchange, asking, context);
    const create = readable(asking);
    endStage(exchange, "read_body", context);
    prepared.call = prepareFrame(exchange, create, key, context);
    if (client.gone.aborted) throw new ClientGone();
    const call = prepared.call;
    const targets: Asking<AnsweredFrame> = {
      attempt: (outgoing, retryRule) =>
        askForEvents(exchange, create, { outgoing, retryRule }, client, context),
      abandon: () => undefined,
      pause: async (ms) => {
        const signals = exchange.watched === undefined ? [] : [exchange.watched.signal];
        await context.clock.sleep(ms, AbortSignal.any([client.gone, ...signals]));
        if (client.gone.aborted) throw new ClientGone();
      },
    };
    const answered = await askTargets(exchange, call, targets, context);
    return await finish(exchange, call, answered, context);
  } catch (thrown) {
    if (exchange.ending === undefined) {
      return await endUnanswered(exchange, frame.streamId, prepared.call, client, context, thrown);
    }
    context.observer.failed("call failed after it was recorded", exchange, thrown);
    return asRefusal(thrown);
  } finally {
    exchange.watched?.leave();
    room.giveBack();
  }
}

/**
 * Anew for each frame: since its socket was opened a key may have been revoked.
 *
 * @throws Refusal of {@link identify}, WEIR_DRAINING, WEIR_SPOOL_FULL, WEIR_OVERLOADED
 */
async function admitted(
  exchange: Exchange,
  { frame }: AskingFrame,
  context: PipelineContext,
): Promise<Authenticated> {
  exchange.received = { bytes: frame.kind === "create" ? frame.bytes.length : frame.sizeBytes };
  const key = await identify(exchange, context);
  admit(context.capacity);
  endStage(exchange, "authenticate", context);
  return key;
}

/** @throws Refusal, the frame's own */
function readable({ frame, refusal }: AskingFrame): CreateFrame {
  if (refusal !== null) throw refusal;
  if (frame.kind === "unreadable") throw frame.refusal;
  return frame;
}

/** @throws Refusal WEIR_FIELD_INVALID, WEIR_NO_PROVIDER */
function prepareFrame(
  exchange: Exchange,
  { bytes, body }: CreateFrame,
  key: Authenticated,
  context: PipelineContext,
): PreparedCall {
  const facts = { ...responsesOperation.describe(body), stream: true };
  exchange.facts = facts;
  const targets = targetsFor(exchange, facts, context);
  if (targets.length === 0) throw new Refusal("WEIR_NO_PROVIDER");
  const payload = { kind: "json", operation: responsesOperation, bytes, body } as const;
  captureRequest(exchange, payload, context);
  observeConversation(exchange, payload, context);
  return { payload, targets, denialStyle: key.denialStyle ?? "error" };
}

/** Records a call that a provider answered, then lets the client see the response's end. */
async function finish(
  exchange: Exchange,
  call: PreparedCall,
  answered: AnsweredFrame,
  context: PipelineContext,
): Promise<Refusal | null> {
  const { relay, relayed, facts, outgoing } = answered;
  const ids = idsOf(exchange);
  const refusal = relayedRefusal(relayed, facts);
  const ending = relayedEnding(exchange, answered, refusal, context.pricer);
  if (refusal !== null && !relayed.begun) ending.status = statusOf(exchange, refusal);
  if (relayed.end === "client_abort" && !relayed.begun) ending.status = 0;
  // A stop does not wait for an estimate of what was used.
  const isStopped = refusal?.code === "WEIR_STOPPED" && relayed.end !== "client_abort";
  if (isStopped) relay.breakOff(refusal, ids);
  if (ending.usage.streamEnd !== "complete")
    await estimateUntold(exchange, ending, answered, call, context);
  if (isPrewarming(call)) leaveUnbilled(exchange, ending);
  if (facts.stateIds.length > 0) context.router.keepState(facts.stateIds, outgoing.target);
  let spoken = refusal;
  try {
    await record(exchange, ending, context);
  } catch (failure) {
    context.observer.failed("call could not be recorded", exchange, failure);
    // A call without a row must not look complete to its client.
    spoken = new Refusal("WEIR_SPOOL_FULL", { cause: failure });
  }
  if (relayed.end === "client_abort") return null;
  if (isStopped) return refusal;
  if (spoken === null) relay.release();
  else relay.breakOff(spoken, ids);
  return spoken;
}

function isPrewarming({ payload }: PreparedCall): boolean {
  return payload.kind === "json" && payload.body["generate"] === false;
}

/** Not for a provider that generates all the same: the word alone must not make an answer free. */
function leaveUnbilled(exchange: Exchange, ending: Ending): void {
  const tokens = ending.usage.tokens;
  const generated = (tokens?.outputVisible ?? 0) + (tokens?.outputReasoning ?? 0);
  if (generated + ending.toolCallCount === 0) ending.cost = notBilled;
  else if (exchange.facts !== undefined) exchange.facts.auxiliary = false;
}

/** A call that ends without a provider's answer: recorded first, then answered. */
async function endUnanswered(
  exchange: Exchange,
  streamId: string,
  call: PreparedCall | undefined,
  client: SocketClient,
  context: PipelineContext,
  thrown: unknown,
): Promise<Refusal | null> {
  const isGone = thrown instanceof ClientGone;
  const refusal = asRefusal(thrown);
  if (refusal.code === "WEIR_INTERNAL" && !isGone) {
    context.observer.failed("call failed before it was answered", exchange, thrown);
  }
  const isSoft = call?.denialStyle === "soft" && refusal.kind === "denied";
  const unbilled = unbilledEnding(exchange, context.clock.monotonicMs());
  const status = isSoft ? 200 : statusOf(exchange, refusal);
  const ending = isGone ? abandonedEnding(unbilled) : refusedEnding(unbilled, refusal, status);
  let spoken = refusal;
  try {
    await record(exchange, ending, context);
  } catch (failure) {
    context.observer.failed("call could not be recorded", exchange, failure);
    spoken = new Refusal("WEIR_SPOOL_FULL", { cause: failure });
  }
  const ids = idsOf(exchange);
  const asked = { model: exchange.facts?.model ?? "", streamId };
  const messages =
    isSoft && spoken === refusal
      ? softDenialEvents(refusalText(refusal, ids), { ...asked, id: exchange.id }).map((event) =>
          onLane(event, streamId),
        )
      : refusalMessages(spoken, ids, asked);
  for (const message of messages) client.channel.send(message);
  return isGone ? null : spoken;
}

function statusOf({ operation, id }: Exchange, refusal: Refusal): number {
  return operation.dialect.renderRefusal(refusal, { callId: id, decisionId: "" }).status;
}

function idsOf(exchange: Exchange): { callId: string; decisionId: string } {
  return { callId: exchange.id, decisionId: exchange.decision?.id ?? "" };
}

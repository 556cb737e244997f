/** The way of one question about a tool call, from its head to its row. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ActionAnswer } from "../../contracts/api/actions.ts";
import { callFacts } from "../dialects/call-facts.ts";
import type { ActionOperation } from "../dialects/dialect.ts";
import { parseBody } from "../dialects/json-body.ts";
import { unbilledEnding } from "../ending.ts";
import type { Exchange } from "../exchange.ts";
import { identify } from "../identify.ts";
import { admit } from "../limit/admit.ts";
import { noUsage } from "../meter/usage.ts";
import { endUnanswered, record } from "../pipeline.ts";
import type { PipelineContext } from "../pipeline-context.ts";
import { jsonOnly } from "../receive/json-only.ts";
import { readBody } from "../receive/read-body.ts";
import { HeldRoom } from "../receive/room.ts";
import { asRefusal, Refusal } from "../refusal.ts";
import { callHeaders } from "../reply/refuse.ts";
import { endStage } from "../stage.ts";
import { throwIfStopped } from "../stop/throw-if-stopped.ts";
import { stopped } from "../stop/live-stops.ts";
import { answerOf } from "./answers.ts";

const MAX_QUESTION_BYTES = 1_048_576;

/** Serves one question. Never throws. */
export async function serveAction(
  exchange: Exchange,
  request: IncomingMessage,
  response: ServerResponse,
  context: PipelineContext,
): Promise<void> {
  const room = new HeldRoom(context.bodyRoom);
  try {
    await identify(exchange, context);
    admit(context.capacity);
    endStage(exchange, "authenticate", context);
    const { operation } = exchange;
    if (operation.kind !== "action") throw new Refusal("WEIR_INTERNAL");
    const answer = await decideOn(exchange, operation, request, room, context);
    throwIfStopped(exchange);
    await recordAnswer(exchange, answer, context);
    send(response, exchange, operation.render(answer));
  } catch (thrown) {
    if (exchange.ending === undefined)
      await endUnanswered(exchange, response, undefined, context, thrown);
    else {
      context.observer.failed("action could not be recorded", exchange, thrown);
      // An answer that is on no record must not be acted on.
      response.destroy();
    }
  } finally {
    exchange.watched?.leave();
    room.giveBack();
  }
}

async function decideOn(
  exchange: Exchange,
  operation: ActionOperation,
  request: IncomingMessage,
  room: HeldRoom,
  context: PipelineContext,
): Promise<ActionAnswer> {
  jsonOnly(request.headers["content-type"]);
  const maxBytes = Math.min(MAX_QUESTION_BYTES, context.limits.maxBodyBytes);
  const bytes = await readBody(request, maxBytes, room);
  exchange.received = { bytes: bytes.length };
  endStage(exchange, "read_body", context);
  const { principal, grant, asserted, watched } = exchange;
  if (principal === undefined || grant === undefined) throw new Refusal("WEIR_INTERNAL");
  const asked = operation.read(parseBody(bytes, operation.governedMembers, room), principal);
  exchange.facts = callFacts({ toolNames: [asked.name] });
  watched?.uses(asked);
  throwIfStopped(exchange);
  const subject = { principal, sessionId: asserted.sessionId };
  const stop = context.stops.findForTool(subject, asked);
  if (stop !== null) throw stopped(stop);
  const { sessionId } = asserted;
  const caller = { principal, grant, sessionId, callId: exchange.id };
  // A gate may wait for somebody to approve: a stop does not wait for them.
  const verdict = await Promise.race([context.toolGate.decide(caller, asked), stopOf(exchange)]);
  exchange.decision = verdict.decision;
  endStage(exchange, "authorize", context);
  return answerOf(verdict, exchange.id);
}

async function recordAnswer(
  exchange: Exchange,
  { effect }: ActionAnswer,
  context: PipelineContext,
): Promise<void> {
  const isAllowed = effect === "allow";
  await record(
    exchange,
    {
      ...unbilledEnding(exchange, context.clock.monotonicMs()),
      outcome: isAllowed ? "completed" : "denied",
      errorCode: isAllowed ? "" : "WEIR_POLICY_DENIED",
      status: 200,
      flags: [],
      usage: noUsage(isAllowed ? "complete" : "policy_cut"),
      toolCallCount: 1,
    },
    context,
  );
}

function send(response: ServerResponse, exchange: Exchange, body: string): void {
  if (response.destroyed) return;
  const { id, decision, caller } = exchange;
  const requestId = caller.headers["x-request-id"];
  response.writeHead(200, {
    ...callHeaders({ callId: id, decisionId: decision?.id ?? "" }),
    // AuthZEN Authorization API 1.0 §10.1: whoever names a request gets the name back.
    "x-request-id": typeof requestId === "string" ? requestId.slice(0, 256) : id,
    "content-type": "application/json",
    "cache-control": "no-store",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

/** Rejects once the call falls under a stop. */
function stopOf({ watched }: Exchange): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  // The signal is the call's own, and goes with it.
  watched?.signal.addEventListener("abort", () => reject(asRefusal(watched.signal.reason)));
  return promise;
}

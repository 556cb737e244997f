import { cutOf } from "./cut.ts";
import { type Delivery, deliver } from "./deliver.ts";
import { dressed } from "./dress.ts";
import { encodeSteps, encodeWhole } from "./encode.ts";
import { type BodySeen, bodySeen, entryCloser, openEntry } from "./entry.ts";
import { errorReply } from "./error-reply.ts";
import { withFault } from "./fault.ts";
import { isJsonObject } from "./json-value.ts";
import type { Reply } from "./reply.ts";
import { BadRequest } from "./request.ts";
import type { Asked, Format, Received, Wire } from "./wire.ts";

/** Answers one JSON request and enters it in the ledger, whatever becomes of it. */
export function serveCall(wire: Wire, call: Received): void {
  const body = bodySeen(call.body);
  serveRead(wire, call, body, () =>
    wire.read({
      json: parsedObject(call.body.toString()),
      sha256: body.sha256,
      params: call.params,
      query: call.query,
    }),
  );
}

/** Answers one request of any kind; `read` throws a BadRequest for one that cannot be served. */
export function serveRead(wire: Format, call: Received, body: BodySeen, read: () => Asked): void {
  const asked = asAsked(wire, body, read);
  const seen = openEntry(wire, call, body, "error" in asked ? null : asked);
  const identify = (reply: Reply): Reply => identified(wire, reply, seen.id);
  if ("error" in asked) {
    const reply = identify(asked.error);
    deliver(call.response, undelayed(call, reply), entryCloser(call.ledger, seen, reply));
    return;
  }
  const reply = identify(replyTo(wire, call, asked));
  const { delayMs, firstByteDelayMs } = asked.behaviour;
  const delivery = { ...undelayed(call, reply), delayMs, firstByteDelayMs };
  const finish = entryCloser(call.ledger, seen, reply);
  if (reply.status >= 400) deliver(call.response, delivery, finish);
  else if (asked.behaviour.encoding === "identity") {
    deliver(call.response, { ...delivery, ...withFault(reply, asked.behaviour) }, finish);
  } else {
    void encoded(delivery, asked).then((ready) => deliver(call.response, ready, finish));
  }
}

/**
 * The object that a JSON text holds.
 * @throws {BadRequest} when it holds none.
 */
export function parsedObject(text: string): Readonly<Record<string, unknown>> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new BadRequest("The request's body is not valid JSON", null);
  }
  if (!isJsonObject(json)) throw new BadRequest("The request's body must be a JSON object", null);
  return json;
}

/** The reply that a request asks for, which may be an error. */
export function replyTo(
  wire: Format,
  { attempts }: Pick<Received, "attempts">,
  asked: Asked,
): Reply {
  const { behaviour, digest } = asked;
  const attempt = behaviour.failures > 0 ? attempts.count(`${wire.dialect} ${digest}`) : 0;
  const status = attempt > 0 && attempt <= behaviour.failures ? 503 : refusalStatus(asked);
  const { retryAfterSeconds } = behaviour;
  const text = `Weir's simulator was asked for status ${status}`;
  const reply =
    status > 0
      ? errorReply(wire, status, text, { param: null, digest, retryAfterSeconds })
      : dressed(madeReply(wire, asked), behaviour);
  if (attempt === 0) return reply;
  return { ...reply, headers: { ...reply.headers, "x-simulator-attempts": String(attempt) } };
}

function madeReply(wire: Format, asked: Asked): Reply {
  try {
    return asked.reply();
  } catch (error) {
    const { status, message, param } = asRefusal(error);
    return errorReply(wire, status, message, { param, digest: asked.digest });
  }
}

// JSON can be read at any depth, but not be written at any: a body that is repeated may be too deep.
function asRefusal(error: unknown): BadRequest {
  if (error instanceof RangeError) return new BadRequest("The body is nested too deeply", null);
  if (error instanceof BadRequest) return error;
  throw error;
}

/** Status to refuse with, 0 for none. An error inside a reply that is no stream is its status. */
function refusalStatus({ behaviour, stream }: Asked): number {
  return behaviour.fault === "error_event" && !stream ? 500 : behaviour.errorStatus;
}

/** What `read` gives, or the reply to a request that it refused. */
export function asAsked(wire: Format, body: BodySeen, read: () => Asked): Asked | { error: Reply } {
  try {
    return read();
  } catch (error) {
    const { status, message, param, code } = asRefusal(error);
    const digest = body.sha256.slice(0, 24);
    return { error: errorReply(wire, status, message, { param, digest, code }) };
  }
}

function identified(wire: Format, reply: Reply, id: string): Reply {
  const headers = { "x-simulator-id": id, [wire.requestIdHeader]: id };
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

function undelayed(call: Received, reply: Reply): Delivery {
  return {
    reply,
    steps: reply.steps,
    ending: "complete",
    delayMs: 0,
    firstByteDelayMs: 0,
    cut: cutOf(call.message.headers),
  };
}

/** A faulty reply, compressed. A body is compressed before it is cut in half, a stream after. */
async function encoded(delivery: Delivery, { behaviour }: Asked): Promise<Delivery> {
  const { encoding } = behaviour;
  if (encoding === "identity") return delivery;
  const headers = { ...delivery.reply.headers, "content-encoding": encoding };
  const [only] = delivery.reply.steps;
  if (delivery.reply.errorEvent === null && only !== undefined) {
    const steps = [{ ...only, bytes: await encodeWhole(only.bytes, encoding) }];
    const reply = { ...delivery.reply, headers, steps };
    return { ...delivery, reply, ...withFault(reply, behaviour) };
  }
  const { steps, ending } = withFault(delivery.reply, behaviour);
  const ends = ending === "complete" || ending === "error_event";
  const reply = { ...delivery.reply, headers };
  return { ...delivery, reply, ending, steps: await encodeSteps(steps, encoding, ends) };
}

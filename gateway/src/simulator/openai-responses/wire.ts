import { chatError } from "../openai-chat/error.ts";
import type { Asked, ReceivedBody, Wire } from "../wire.ts";
import type { EventFraming } from "./framing.ts";
import type { ResponseMemory } from "./memory.ts";
import { readResponses } from "./read.ts";
import { responsesReply } from "./reply.ts";

/** The Responses format, with the responses it knows and the way its events travel. */
export function responsesWire(memory: ResponseMemory, events: EventFraming): Wire {
  return {
    dialect: "openai-responses",
    requestIdHeader: "x-request-id",
    read: (received) => askedResponse(received, memory, events),
    error: (status, message, param, _id, code) => chatError(status, message, param, code),
  };
}

function askedResponse(
  received: Pick<ReceivedBody, "json" | "sha256">,
  memory: ResponseMemory,
  events: EventFraming,
): Asked {
  const request = readResponses(received, memory);
  const { digest, model, behaviour, stream } = request;
  return {
    digest,
    model,
    behaviour,
    stream,
    reply: () => responsesReply(request, memory, events),
  };
}

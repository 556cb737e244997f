import { answerTo } from "../answer.ts";
import { jsonContentType, streamContentType, type Reply } from "../reply.ts";
import type { Wire } from "../wire.ts";
import { messagesError, messagesErrorEvent } from "./error.ts";
import { messagesJson } from "./json.ts";
import { readMessages, type MessagesRequest } from "./read.ts";
import { messagesStream } from "./stream.ts";
import { messagesInput } from "./usage.ts";

const failure = "Weir's simulator was asked to fail here";

export const anthropicWire: Wire = {
  dialect: "anthropic",
  requestIdHeader: "request-id",
  read: (received) => {
    const request = readMessages(received);
    const { digest, model, behaviour, stream } = request;
    return { digest, model, behaviour, stream, reply: () => replyTo(request) };
  },
  error: (status, message, _param, id) => messagesError(status, message, id),
};

function replyTo(request: MessagesRequest): Reply {
  const answer = answerTo(request);
  const { stream, searches } = request;
  return {
    status: 200,
    headers: {},
    contentType: stream ? streamContentType : jsonContentType,
    steps: stream ? messagesStream(request, answer) : [messagesJson(request, answer)],
    errorEvent: stream ? messagesErrorEvent(failure) : null,
    billedInput: messagesInput(request),
    toolCalls: answer.blocks.filter(({ kind }) => kind === "tool").length,
    ...(searches > 0 ? { serverToolCalls: { web_search_requests: searches } } : {}),
  };
}

import { messagesError, messagesErrorEvent } from "./anthropic/error.ts";
import { messagesJson } from "./anthropic/json.ts";
import { readMessages } from "./anthropic/read.ts";
import { messagesStream } from "./anthropic/stream.ts";
import { type Answer, answerTo } from "./answer.ts";
import { chatError, chatErrorEvent } from "./openai-chat/error.ts";
import { chatJson } from "./openai-chat/json.ts";
import { readChat } from "./openai-chat/read.ts";
import { chatStream } from "./openai-chat/stream.ts";
import { jsonContentType, type Reply, type Step, streamContentType } from "./reply.ts";
import type { Dialect, ReceivedBody, SimulatorRequest } from "./request.ts";

interface Wire {
  readonly read: (received: ReceivedBody) => SimulatorRequest;
  readonly json: (request: SimulatorRequest, answer: Answer) => Step;
  readonly stream: (request: SimulatorRequest, answer: Answer) => readonly Step[];
  readonly error: (status: number, message: string, param: string | null, id: string) => string;
  readonly errorEvent: (message: string) => string;
  readonly requestIdHeader: string;
}

/** Everything that differs between the wire formats. */
export const wires: Readonly<Record<Dialect, Wire>> = {
  "openai-chat": {
    read: readChat,
    json: chatJson,
    stream: chatStream,
    error: chatError,
    errorEvent: chatErrorEvent,
    requestIdHeader: "x-request-id",
  },
  anthropic: {
    read: readMessages,
    json: messagesJson,
    stream: messagesStream,
    error: (status, message, _param, id) => messagesError(status, message, id),
    errorEvent: messagesErrorEvent,
    requestIdHeader: "request-id",
  },
};

/** The reply to a well-formed request, and how many tools it calls. */
export function completion(request: SimulatorRequest): { reply: Reply; toolCalls: number } {
  const wire = wires[request.dialect];
  const answer = answerTo(request);
  const reply: Reply = {
    status: 200,
    headers: {},
    contentType: request.stream ? streamContentType : jsonContentType,
    steps: request.stream ? wire.stream(request, answer) : [wire.json(request, answer)],
  };
  return { reply, toolCalls: answer.blocks.filter((block) => block.kind === "tool").length };
}

/** An error reply. 429 and 503 tell the client to come back in a second. */
export function errorReply(
  dialect: Dialect,
  status: number,
  message: string,
  details: { readonly param: string | null; readonly digest: string },
): Reply {
  const bytes = wires[dialect].error(status, message, details.param, `req_${details.digest}`);
  return {
    status,
    headers: status === 429 || status === 503 ? { "retry-after": "1" } : {},
    contentType: jsonContentType,
    steps: [{ bytes, visible: 0, reasoning: 0 }],
  };
}

import { completionOf } from "../completion.ts";
import type { Wire } from "../wire.ts";
import { chatError, chatErrorEvent } from "./error.ts";
import { chatJson } from "./json.ts";
import { readChat } from "./read.ts";
import { chatStream } from "./stream.ts";

const format = { json: chatJson, stream: chatStream, errorEvent: chatErrorEvent };

export const chatWire: Wire = {
  dialect: "openai-chat",
  requestIdHeader: "x-request-id",
  read: (received) => completionOf(readChat(received), format),
  error: (status, message, param, _id, code) => chatError(status, message, param, code),
};

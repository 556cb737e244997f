import { completionOf } from "../completion.ts";
import type { Wire } from "../wire.ts";
import { messagesError, messagesErrorEvent } from "./error.ts";
import { messagesJson } from "./json.ts";
import { readMessages } from "./read.ts";
import { messagesStream } from "./stream.ts";

const format = { json: messagesJson, stream: messagesStream, errorEvent: messagesErrorEvent };

export const anthropicWire: Wire = {
  dialect: "anthropic",
  requestIdHeader: "request-id",
  read: (received) => completionOf(readMessages(received), format),
  error: (status, message, _param, id) => messagesError(status, message, id),
};

import { billInput } from "../bill.ts";
import { freeCall } from "../free-call.ts";
import type { Wire } from "../wire.ts";
import { readMessages } from "./read.ts";
import { anthropicWire } from "./wire.ts";

/** `count_tokens`: the input that a call with this body is billed at. */
export const countTokensWire: Wire = {
  ...anthropicWire,
  read: (received) => {
    const request = readMessages(received);
    const body = { input_tokens: billInput(request).inputUncached };
    return { ...freeCall(body, request), behaviour: request.behaviour };
  },
};

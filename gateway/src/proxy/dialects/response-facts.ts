import type { ResponseFacts } from "./dialect.ts";

/** A response of which nothing is known yet. */
export function unknownResponse(): ResponseFacts {
  return {
    modelUsed: "",
    tokens: null,
    rawUsage: "",
    usageIsFinal: false,
    ended: false,
    serverToolCalls: {},
    toolCallCount: 0,
    errorInStream: false,
  };
}

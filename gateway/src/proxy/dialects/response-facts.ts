import type { ResponseFacts } from "./dialect.ts";
import { OutputText } from "./output-text.ts";

/** A response of which nothing is known yet. */
export function unknownResponse(): ResponseFacts {
  return {
    modelUsed: "",
    responseId: "",
    stateIds: [],
    finishReasons: [],
    tokens: null,
    totalTokens: null,
    rawUsage: "",
    usageIsFinal: false,
    ended: false,
    serverToolCalls: {},
    toolCallCount: 0,
    errorInStream: false,
    output: new OutputText(),
  };
}

import type { CallFacts } from "./dialect.ts";

/** A call that says nothing about itself, or what it says over that. */
export function callFacts(told: Partial<CallFacts> = {}): CallFacts {
  return {
    model: "",
    stream: false,
    toolNames: [],
    maxTokens: null,
    messageCount: 0,
    toolResultCount: 0,
    stateIds: [],
    assertedUserId: "",
    auxiliary: false,
    ...told,
  };
}

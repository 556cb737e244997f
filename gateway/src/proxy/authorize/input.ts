import type { PolicyInput } from "../../contracts/policy-input.ts";
import type { Principal } from "../../contracts/principal.ts";
import { sortedPrincipal } from "../policy/sorted-principal.ts";
import type { CallFacts, Operation } from "../dialects/dialect.ts";

export interface CallToDecide {
  principal: Principal;
  operation: Pick<Operation, "id" | "metered"> & { readonly dialect: { readonly name: string } };
  provider: string;
  /** Asked of the provider; `facts.model` is what the client named. */
  model: string;
  facts: CallFacts;
  bytes: number;
  sessionId: string;
  /** Unix milliseconds. */
  nowMs: number;
  revision: string;
}

/**
 * The input document of `weir/llm_call`. Members stand in code-unit order, so that its JSON text
 * is in the canonical form of RFC 8785 and its digest is the same live, in shadow and in replay.
 */
export function llmCallInput(call: CallToDecide): PolicyInput {
  return {
    call: {
      bytes: call.bytes,
      dialect: call.operation.dialect.name,
      maxTokens: call.facts.maxTokens,
      metered: call.operation.metered,
      model: call.model,
      modelRequested: call.facts.model,
      operation: call.operation.id,
      provider: call.provider,
      stream: call.facts.stream,
      toolNames: call.facts.toolNames,
    },
    limits: {},
    point: "llm_call",
    principal: sortedPrincipal(call.principal),
    revision: call.revision,
    session: { calls: 0, id: call.sessionId, taint: [] },
    time: new Date(call.nowMs).toISOString(),
  };
}

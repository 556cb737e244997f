import type { Payload } from "./prepared-call.ts";
import type { Exchange } from "./exchange.ts";
import type { PipelineContext } from "./pipeline-context.ts";

/**
 * Looks at what was said so far, so that it can be told where a tool call's arguments come from.
 * Only where tools are offered: no other answer can call one. It is done once the request is on its
 * way, so that the provider does not wait for it, and before its answer can be read.
 */
export function observeConversation(
  exchange: Exchange,
  payload: Payload,
  { flow, observer }: Pick<PipelineContext, "flow" | "observer">,
): void {
  const { principal, asserted, facts } = exchange;
  if (flow === null || payload.kind !== "json" || principal === undefined) return;
  if (facts === undefined || facts.toolNames.length === 0) return;
  const { operation, body } = payload;
  if (operation.conversationOf === undefined) return;
  setImmediate(() => {
    try {
      const session = { principalId: principal.id, sessionId: asserted.sessionId };
      flow.observeConversation(session, operation.conversationOf?.(body) ?? []);
    } catch (error) {
      // What is not indexed is unknown to every rule, and so is trusted by none.
      observer.failed("a conversation could not be indexed", exchange, error);
    }
  });
}

import type { Answer } from "../answer.ts";
import type { Step } from "../reply.ts";
import { contentOf } from "./blocks.ts";
import type { MessagesRequest } from "./read.ts";
import { finalUsage, messagesBill } from "./usage.ts";

export const stopReasons = { stop: "end_turn", tool: "tool_use", length: "max_tokens" } as const;

/** The whole reply as one JSON body. */
export function messagesJson(request: MessagesRequest, answer: Answer): Step {
  const bill = messagesBill(request, answer);
  const { reportsUsage } = request.behaviour;
  const bytes = JSON.stringify({
    id: `msg_${request.digest}`,
    type: "message",
    role: "assistant",
    model: request.model,
    content: contentOf(request, answer).map(({ whole }) => whole),
    stop_reason: stopReasons[answer.finish],
    stop_sequence: null,
    ...(reportsUsage ? { usage: finalUsage(request, bill) } : {}),
  });
  const { total } = bill;
  const step = { bytes, visible: total.outputVisible, reasoning: total.outputReasoning };
  return reportsUsage ? { ...step, reported: total } : step;
}

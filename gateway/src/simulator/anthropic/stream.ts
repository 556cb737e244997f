import type { TokenCounts } from "../../contracts/index.ts";
import type { Answer } from "../answer.ts";
import { billInput } from "../bill.ts";
import { framing, type Step } from "../reply.ts";
import { noTokens } from "../token-sum.ts";
import { contentOf, type ContentBlock } from "./blocks.ts";
import { stopReasons } from "./json.ts";
import type { MessagesRequest } from "./read.ts";
import { finalUsage, messagesBill, type MessagesBill, messagesUsage } from "./usage.ts";

/** The reply as SSE, from `message_start` to `message_stop`. */
export function messagesStream(request: MessagesRequest, answer: Answer): readonly Step[] {
  const bill = messagesBill(request, answer);
  return [
    opening(request),
    framing(event({ type: "ping" })),
    ...contentOf(request, answer).flatMap((block, index) => blockSteps(block, index)),
    ...runningUsage(request, bill.atTop),
    closing(request, answer, bill),
    framing(event({ type: "message_stop" })),
  ];
}

function opening(request: MessagesRequest): Step {
  const { reportsUsage, deltas } = request.behaviour;
  // The real API starts with a small output count that message_delta replaces; so does this. Where
  // there are several of those, they are the first to tell the input.
  const reported = deltas > 0 ? noTokens : { ...billInput(request), outputVisible: 1 };
  const message = {
    id: `msg_${request.digest}`,
    type: "message",
    role: "assistant",
    model: request.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    ...(reportsUsage ? { usage: messagesUsage(reported) } : {}),
  };
  return framing(event({ type: "message_start", message }), reportsUsage ? reported : undefined);
}

/** Cumulative counts in events of their own, before the one that ends the message. */
function runningUsage({ behaviour }: MessagesRequest, atTop: TokenCounts): readonly Step[] {
  const { deltas, reportsUsage } = behaviour;
  if (!reportsUsage) return [];
  return Array.from({ length: Math.max(0, deltas - 1) }, (_, at) => {
    const outputVisible = Math.floor((atTop.outputVisible * (at + 1)) / deltas);
    const soFar = { ...atTop, outputVisible };
    return framing(messageDelta(null, messagesUsage(soFar)), soFar);
  });
}

function closing(request: MessagesRequest, answer: Answer, bill: MessagesBill): Step {
  const told = request.behaviour.reportsUsage;
  const bytes = messageDelta(stopReasons[answer.finish], told ? finalUsage(request, bill) : null);
  // What a compaction has generated is no part of the content: it is billed with the end.
  const visible = bill.leftOut.outputVisible;
  return { ...framing(bytes, told ? bill.total : undefined), visible };
}

function messageDelta(stopReason: string | null, usage: object | null): string {
  const delta = { stop_reason: stopReason, stop_sequence: null };
  return event({ type: "message_delta", delta, ...(usage === null ? {} : { usage }) });
}

function blockSteps(block: ContentBlock, index: number): readonly Step[] {
  const { empty, startVisible: visible, startReasoning: reasoning } = block;
  return [
    {
      bytes: event({ type: "content_block_start", index, content_block: empty }),
      visible,
      reasoning,
    },
    ...block.deltas.map(({ delta, ...billed }) =>
      Object.assign(billed, { bytes: event({ type: "content_block_delta", index, delta }) }),
    ),
    framing(event({ type: "content_block_stop", index })),
  ];
}

function event(data: { readonly type: string } & Readonly<Record<string, unknown>>): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

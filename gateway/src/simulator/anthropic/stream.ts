import type { TokenCounts } from "../../contracts/index.ts";
import type { Answer, Block } from "../answer.ts";
import { bill, billInput } from "../bill.ts";
import { framing, type Step } from "../reply.ts";
import type { SimulatorRequest } from "../request.ts";
import { stopReasons, thinkingSignature } from "./json.ts";
import { messagesUsage } from "./usage.ts";

/** The reply as SSE, from `message_start` to `message_stop`. */
export function messagesStream(request: SimulatorRequest, answer: Answer): readonly Step[] {
  const tokens = bill(request, answer);
  return [
    opening(request),
    framing(event({ type: "ping" })),
    ...answer.blocks.flatMap((block, index) => blockSteps(block, index)),
    closing(request, answer, tokens),
    framing(event({ type: "message_stop" })),
  ];
}

function opening(request: SimulatorRequest): Step {
  const reports = request.behaviour.reportsUsage;
  // The real API starts with a small output count that message_delta replaces; so does this.
  const reported = { ...billInput(request), outputVisible: 1 };
  const message = {
    id: `msg_${request.digest}`,
    type: "message",
    role: "assistant",
    model: request.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    ...(reports ? { usage: messagesUsage(reported) } : {}),
  };
  return framing(event({ type: "message_start", message }), reports ? reported : undefined);
}

function closing(request: SimulatorRequest, answer: Answer, tokens: TokenCounts): Step {
  const reports = request.behaviour.reportsUsage;
  const delta = { stop_reason: stopReasons[answer.finish], stop_sequence: null };
  return framing(
    event({ type: "message_delta", delta, ...(reports ? { usage: messagesUsage(tokens) } : {}) }),
    reports ? tokens : undefined,
  );
}

function blockSteps(block: Block, index: number): readonly Step[] {
  const isThinking = block.kind === "thinking";
  const start = framing(
    event({ type: "content_block_start", index, content_block: emptyBlock(block) }),
  );
  const deltas = block.pieces.map((piece) => ({
    bytes: event({ type: "content_block_delta", index, delta: deltaOf(block, piece) }),
    visible: isThinking ? 0 : 1,
    reasoning: isThinking ? 1 : 0,
  }));
  const signature = { type: "signature_delta", signature: thinkingSignature };
  return [
    // The name of a called tool is billed as a token, and goes out with the start of its block.
    block.kind === "tool" ? { ...start, visible: 1 } : start,
    ...deltas,
    ...(isThinking
      ? [framing(event({ type: "content_block_delta", index, delta: signature }))]
      : []),
    framing(event({ type: "content_block_stop", index })),
  ];
}

function emptyBlock(block: Block): object {
  switch (block.kind) {
    case "thinking":
      return { type: "thinking", thinking: "", signature: "" };
    case "tool":
      return { type: "tool_use", id: `toolu_${block.id}`, name: block.name, input: {} };
    default:
      return { type: "text", text: "" };
  }
}

function deltaOf(block: Block, piece: string): object {
  switch (block.kind) {
    case "thinking":
      return { type: "thinking_delta", thinking: piece };
    case "tool":
      return { type: "input_json_delta", partial_json: piece };
    default:
      return { type: "text_delta", text: piece };
  }
}

function event(data: { readonly type: string } & Readonly<Record<string, unknown>>): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

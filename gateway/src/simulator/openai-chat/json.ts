import type { Answer, Block } from "../answer.ts";
import { bill } from "../bill.ts";
import { createdSeconds, type Step } from "../reply.ts";
import type { SimulatorRequest } from "../request.ts";
import { chatUsage } from "./usage.ts";

export const chatFinishReasons = { stop: "stop", tool: "tool_calls", length: "length" } as const;

/** The whole reply as one JSON body. */
export function chatJson(request: SimulatorRequest, answer: Answer): Step {
  const tokens = bill(request, answer);
  const bytes = JSON.stringify({
    id: `chatcmpl-${request.digest}`,
    object: "chat.completion",
    created: createdSeconds,
    model: request.model,
    choices: [
      {
        index: 0,
        message: message(answer),
        logprobs: null,
        finish_reason: chatFinishReasons[answer.finish],
      },
    ],
    ...(request.behaviour.reportsUsage ? { usage: chatUsage(tokens) } : {}),
    service_tier: "default",
    system_fingerprint: "simulator",
  });
  const step = { bytes, visible: tokens.outputVisible, reasoning: tokens.outputReasoning };
  return request.behaviour.reportsUsage ? { ...step, reported: tokens } : step;
}

function message(answer: Answer): object {
  const text = answer.blocks
    .filter((block) => block.kind === "text")
    .map((block) => block.pieces.join(""))
    .join("");
  const calls = answer.blocks
    .filter((block) => block.kind === "tool")
    .map((block) => toolCall(block));
  return {
    role: "assistant",
    content: calls.length > 0 ? null : text,
    refusal: null,
    annotations: [],
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
}

function toolCall(block: Extract<Block, { kind: "tool" }>): object {
  return {
    id: `call_${block.id}`,
    type: "function",
    function: { name: block.name, arguments: block.pieces.join("") },
  };
}

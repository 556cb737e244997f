import type { Answer, Block } from "../answer.ts";
import { bill } from "../bill.ts";
import { isJsonObject } from "../json-value.ts";
import type { Step } from "../reply.ts";
import type { SimulatorRequest } from "../request.ts";
import { messagesUsage } from "./usage.ts";

export const stopReasons = { stop: "end_turn", tool: "tool_use", length: "max_tokens" } as const;
export const thinkingSignature = "c2ltdWxhdG9y";

/** The whole reply as one JSON body. */
export function messagesJson(request: SimulatorRequest, answer: Answer): Step {
  const tokens = bill(request, answer);
  const bytes = JSON.stringify({
    id: `msg_${request.digest}`,
    type: "message",
    role: "assistant",
    model: request.model,
    content: answer.blocks.map((block) => contentBlock(block)),
    stop_reason: stopReasons[answer.finish],
    stop_sequence: null,
    ...(request.behaviour.reportsUsage ? { usage: messagesUsage(tokens) } : {}),
  });
  const step = { bytes, visible: tokens.outputVisible, reasoning: tokens.outputReasoning };
  return request.behaviour.reportsUsage ? { ...step, reported: tokens } : step;
}

function contentBlock(block: Block): object {
  const whole = block.pieces.join("");
  switch (block.kind) {
    case "thinking":
      return { type: "thinking", thinking: whole, signature: thinkingSignature };
    case "tool":
      return { type: "tool_use", id: `toolu_${block.id}`, name: block.name, input: parsed(whole) };
    default:
      return { type: "text", text: whole };
  }
}

// Arguments that max_tokens cut short do not parse; the API then gives an empty input.
function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}

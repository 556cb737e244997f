import type { Answer, Block } from "../answer.ts";
import { bill } from "../bill.ts";
import { createdSeconds, framing, type Step } from "../reply.ts";
import type { SimulatorRequest } from "../request.ts";
import { chatFinishReasons } from "./json.ts";
import { chatUsage } from "./usage.ts";

/** The reply as SSE: role, content, finish, usage if asked for, `[DONE]`. */
export function chatStream(request: SimulatorRequest, answer: Answer): readonly Step[] {
  const tokens = bill(request, answer);
  const withUsage = request.includeUsage && request.behaviour.reportsUsage;
  const event = (choices: readonly object[], usage: object | null): string =>
    `data: ${JSON.stringify({
      id: `chatcmpl-${request.digest}`,
      object: "chat.completion.chunk",
      created: createdSeconds,
      model: request.model,
      service_tier: "default",
      system_fingerprint: "simulator",
      choices,
      ...(withUsage ? { usage } : {}),
    })}\n\n`;
  const chunk = (delta: object, finishReason: string | null): string =>
    event([{ index: 0, delta, logprobs: null, finish_reason: finishReason }], null);

  const role = chunk({ role: "assistant", content: "", refusal: null }, null);
  return [
    { bytes: role, visible: 0, reasoning: tokens.outputReasoning },
    ...answer.blocks
      .filter((block) => block.kind !== "thinking")
      .flatMap((block, index) => contentDeltas(block, index))
      .map((delta) => ({ bytes: chunk(delta, null), visible: 1, reasoning: 0 })),
    framing(chunk({}, chatFinishReasons[answer.finish])),
    ...(withUsage ? [framing(event([], chatUsage(tokens)), tokens)] : []),
    framing("data: [DONE]\n\n"),
  ];
}

function contentDeltas(block: Block, index: number): readonly object[] {
  if (block.kind !== "tool") return block.pieces.map((piece) => ({ content: piece }));
  const opening = {
    index,
    id: `call_${block.id}`,
    type: "function",
    function: { name: block.name, arguments: "" },
  };
  const rest = block.pieces.map((piece) => ({ index, function: { arguments: piece } }));
  return [opening, ...rest].map((call) => ({ tool_calls: [call] }));
}

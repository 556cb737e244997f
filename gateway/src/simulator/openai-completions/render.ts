import type { TokenCounts } from "../../contracts/index.ts";
import type { Answer } from "../answer.ts";
import { bill } from "../bill.ts";
import { chatUsage } from "../openai-chat/usage.ts";
import { createdSeconds, framing, type Step } from "../reply.ts";
import type { SimulatorRequest } from "../request.ts";

/** The whole reply as one JSON body. */
export function completionsJson(request: SimulatorRequest, answer: Answer, choices: number): Step {
  const tokens = billChoices(request, answer, choices);
  const bytes = JSON.stringify({
    ...head(request),
    choices: indices(choices).map((index) =>
      choice(index, piecesOf(answer).join(""), answer.finish),
    ),
    ...(request.behaviour.reportsUsage ? { usage: chatUsage(tokens) } : {}),
  });
  const step = { bytes, visible: tokens.outputVisible, reasoning: tokens.outputReasoning };
  return request.behaviour.reportsUsage ? { ...step, reported: tokens } : step;
}

/** The reply as SSE: the choices' pieces one choice after another, usage if asked for, `[DONE]`. */
export function completionsStream(
  request: SimulatorRequest,
  answer: Answer,
  choices: number,
): readonly Step[] {
  const tokens = billChoices(request, answer, choices);
  const withUsage = request.includeUsage && request.behaviour.reportsUsage;
  const event = (parts: readonly object[], usage: object | null): string =>
    `data: ${JSON.stringify({ ...head(request), choices: parts, ...(withUsage ? { usage } : {}) })}\n\n`;
  const pieces = piecesOf(answer);
  const all = indices(choices).flatMap((index) =>
    pieces
      .map((piece): Step => {
        const bytes = event([choice(index, piece, null)], null);
        return { bytes, visible: 1, reasoning: 0 };
      })
      .concat(framing(event([choice(index, "", answer.finish)], null))),
  );
  const [first, ...rest] = all;
  return [
    // Reasoning does not show in this format; it is billed before the first piece is out.
    ...(first === undefined ? [] : [{ ...first, reasoning: tokens.outputReasoning }]),
    ...rest,
    ...(withUsage ? [framing(event([], chatUsage(tokens)), tokens)] : []),
    framing("data: [DONE]\n\n"),
  ];
}

function head({ digest, model }: SimulatorRequest): object {
  return {
    id: `cmpl-${digest}`,
    object: "text_completion",
    created: createdSeconds,
    model,
    system_fingerprint: "simulator",
  };
}

function choice(index: number, text: string, finish: Answer["finish"] | null): object {
  return { index, text, logprobs: null, finish_reason: finish };
}

function piecesOf(answer: Answer): readonly string[] {
  return answer.blocks.filter((block) => block.kind === "text").flatMap((block) => block.pieces);
}

function indices(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function billChoices(request: SimulatorRequest, answer: Answer, choices: number): TokenCounts {
  const tokens = bill(request, answer);
  return { ...tokens, outputVisible: tokens.outputVisible * choices };
}

import type { TokenCounts } from "../../contracts/index.ts";
import type { Answer, Block } from "../answer.ts";
import { bill } from "../bill.ts";
import { createdSeconds, framing, type Step } from "../reply.ts";
import type { SimulatorRequest } from "../request.ts";
import { chatFinishReasons } from "./json.ts";
import { chatUsage } from "./usage.ts";

type Chunk = (choices: readonly object[], usage: TokenCounts | null) => string;

/** The reply as SSE: role, content, finish, usage where the model name wants it, `[DONE]`. */
export function chatStream(request: SimulatorRequest, answer: Answer): readonly Step[] {
  const tokens = bill(request, answer);
  const usage = usageTold(request, tokens);
  const chunk = chunkOf(request, usage.member);
  const delta = (content: object, finish: string | null, told: TokenCounts | null): string =>
    chunk([{ index: 0, delta: content, logprobs: null, finish_reason: finish }], told);

  const steps: Step[] = [];
  const add = (content: object, visible: number, reasoning: number): void => {
    const told = usage.running(steps.length);
    const bytes = delta(content, null, told);
    steps.push({ bytes, visible, reasoning, ...(told === null ? {} : { reported: told }) });
  };
  add({ role: "assistant", content: "", refusal: null }, 0, tokens.outputReasoning);
  const blocks = answer.blocks.filter((block) => block.kind !== "thinking");
  for (const content of blocks.flatMap((block, index) => contentDeltas(block, index))) {
    add(content, 1, 0);
  }
  const finish = delta({}, chatFinishReasons[answer.finish], usage.atFinish);
  steps.push(framing(finish, usage.atFinish ?? undefined));
  if (usage.extra !== null) steps.push(framing(chunk([], usage.extra), usage.extra));
  return [...steps, framing("data: [DONE]\n\n")];
}

interface UsageTold {
  /** Whether chunks have a usage member at all, null where it tells nothing. */
  readonly member: boolean;
  /** With each content chunk, after so many visible tokens. */
  readonly running: (visible: number) => TokenCounts | null;
  readonly atFinish: TokenCounts | null;
  /** In a chunk of its own. */
  readonly extra: TokenCounts | null;
}

// Compatible servers differ: some tell usage in every chunk, or in the last, without being asked.
function usageTold({ behaviour, includeUsage }: SimulatorRequest, tokens: TokenCounts): UsageTold {
  const { reportsUsage, usagePlace } = behaviour;
  const isExtra = reportsUsage && includeUsage && usagePlace !== "last";
  const isEvery = reportsUsage && usagePlace === "every";
  return {
    member: isExtra || isEvery,
    running: (outputVisible) => (isEvery ? { ...tokens, outputVisible } : null),
    atFinish: reportsUsage && usagePlace !== "asked" ? tokens : null,
    extra: isExtra ? tokens : null,
  };
}

function chunkOf(request: SimulatorRequest, hasUsage: boolean): Chunk {
  return (choices, usage) =>
    `data: ${JSON.stringify({
      id: `chatcmpl-${request.digest}`,
      object: "chat.completion.chunk",
      created: createdSeconds,
      model: request.model,
      service_tier: "default",
      system_fingerprint: "simulator",
      choices,
      ...(usage === null ? (hasUsage ? { usage: null } : {}) : { usage: chatUsage(usage) }),
    })}\n\n`;
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

import type { TokenCounts } from "../../contracts/index.ts";
import { answerTo, type Answer } from "../answer.ts";
import { framing, type Reply, type Step, wholeReply } from "../reply.ts";
import { geminiError } from "./error.ts";
import type { ChunkFraming } from "./framing.ts";
import { groundingOf } from "./grounding.ts";
import { piecesOf } from "./pieces.ts";
import type { GeminiRequest } from "./read.ts";
import { geminiBill, geminiInput, geminiUsage } from "./usage.ts";

const failure = "Weir's simulator was asked to fail here";
const finishReasons = { stop: "STOP", tool: "STOP", length: "MAX_TOKENS" } as const;

/** The whole answer as one JSON body. */
export function wholeAnswer(request: GeminiRequest): Reply {
  const answer = answerTo(request);
  const tokens = geminiBill(request, answer);
  const parts = joinedTexts(piecesOf(request, answer).map(({ part }) => part));
  const told = request.behaviour.reportsUsage ? tokens : null;
  const step = {
    bytes: chunkOf(request, finished(request, answer, parts), told),
    visible: tokens.outputVisible,
    reasoning: tokens.outputReasoning,
    ...(told === null ? {} : { reported: told }),
  };
  return wholeReply(step, geminiInput(request), counted(request, answer));
}

/** The answer in chunks. Google tells the usage so far with each of them. */
export function streamedAnswer(request: GeminiRequest, framed: ChunkFraming): Reply {
  const answer = answerTo(request);
  const { reportsUsage, usagePlace } = request.behaviour;
  const isTold = reportsUsage && usagePlace !== "last";
  const input = geminiInput(request);
  let soFar = input;
  const content = piecesOf(request, answer).map(({ part, visible, reasoning }) => {
    soFar = generated(soFar, visible, reasoning);
    const told = isTold ? soFar : null;
    const candidate = { content: { parts: [part], role: "model" }, index: 0 };
    const bytes = framed.chunk(chunkOf(request, candidate, told), false);
    const step: Step = { bytes, visible, reasoning };
    return told === null ? step : Object.assign(step, { reported: told });
  });
  const last = finished(request, answer, [{ text: "" }]);
  const closing: readonly Chunk[] =
    reportsUsage && !isTold
      ? [
          [last, null],
          [null, soFar],
        ]
      : [[last, isTold ? soFar : null]];
  return {
    ...wholeReply(framing(""), input, counted(request, answer)),
    contentType: framed.contentType,
    steps: [
      ...(framed.opening === "" ? [] : [framing(framed.opening)]),
      ...content,
      ...closing.map(([candidate, told], at) => {
        const json = chunkOf(request, candidate, told);
        return framing(framed.chunk(json, at === closing.length - 1), told ?? undefined);
      }),
    ],
    errorEvent: framed.chunk(geminiError(503, failure), true),
  };
}

type Chunk = readonly [candidate: object | null, told: TokenCounts | null];

function generated(tokens: TokenCounts, visible: number, reasoning: number): TokenCounts {
  return {
    ...tokens,
    outputVisible: tokens.outputVisible + visible,
    outputReasoning: tokens.outputReasoning + reasoning,
  };
}

function counted({ searches }: GeminiRequest, { blocks }: Answer): Partial<Reply> {
  return {
    toolCalls: blocks.filter(({ kind }) => kind === "tool").length,
    ...(searches > 0 ? { serverToolCalls: { google_search: searches } } : {}),
  };
}

function finished(request: GeminiRequest, answer: Answer, parts: readonly object[]): object {
  return {
    content: { parts, role: "model" },
    finishReason: finishReasons[answer.finish],
    index: 0,
    ...groundingOf(request),
  };
}

function chunkOf(
  request: GeminiRequest,
  candidate: object | null,
  told: TokenCounts | null,
): string {
  return JSON.stringify({
    ...(candidate === null ? {} : { candidates: [candidate] }),
    ...(told === null ? {} : { usageMetadata: geminiUsage(told) }),
    modelVersion: request.model,
    responseId: request.digest,
  });
}

/** A whole answer has one part for what a stream sends in many. */
function joinedTexts(parts: readonly object[]): readonly object[] {
  const joined: Record<string, unknown>[] = [];
  for (const part of parts) {
    const { text, thought }: { text?: unknown; thought?: unknown } = part;
    const last = joined.at(-1);
    if (
      typeof text === "string" &&
      typeof last?.["text"] === "string" &&
      last["thought"] === thought
    ) {
      last["text"] += text;
    } else joined.push({ ...part });
  }
  return joined;
}

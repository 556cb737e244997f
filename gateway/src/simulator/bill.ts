import type { TokenCounts } from "../contracts/index.ts";
import { answerTo, tokensOf, type Answer } from "./answer.ts";
import type { SimulatorRequest } from "./request.ts";

const cacheRead = 1000;
const cacheWrite5m = 200;
const cacheWrite1h = 40;

/**
 * Token counts that the whole answer is billed at, in exclusive classes. The sizes of the classes
 * are far apart, so that booking one class twice or under another's name shows in a total.
 */
export function bill(request: SimulatorRequest, answer: Answer = answerTo(request)): TokenCounts {
  let outputVisible = 0;
  let outputReasoning = 0;
  for (const block of answer.blocks) {
    if (block.kind === "thinking") outputReasoning += tokensOf(block);
    else outputVisible += tokensOf(block);
  }
  return { ...billInput(request), outputVisible, outputReasoning };
}

/** The input side of the bill, with both output classes at 0. */
export function billInput(
  request: Pick<
    SimulatorRequest,
    "behaviour" | "dialect" | "words" | "messageCount" | "tools" | "images"
  >,
): TokenCounts {
  const { behaviour, dialect } = request;
  // OpenAI's Responses tell cache writes without their time to live, its chat format tells none.
  const writes5m = behaviour.cached && (dialect === "anthropic" || dialect === "openai-responses");
  const writes1h = behaviour.cached && dialect === "anthropic";
  return {
    inputUncached:
      7 +
      request.words +
      3 * request.messageCount +
      5 * request.tools.length +
      85 * (request.images ?? 0),
    cacheRead: behaviour.cached ? cacheRead : 0,
    cacheWrite5m: writes5m ? cacheWrite5m : 0,
    cacheWrite1h: writes1h ? cacheWrite1h : 0,
    outputVisible: 0,
    outputReasoning: 0,
    toolUsePrompt: 0,
    audioIn: 0,
    audioOut: 0,
  };
}

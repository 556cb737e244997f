import type { TokenCounts } from "../../contracts/index.ts";
import type { Answer } from "../answer.ts";
import { bill, billInput } from "../bill.ts";
import { addTokens, noTokens } from "../token-sum.ts";
import type { MessagesRequest } from "./read.ts";

/** What it costs to compact the conversation before the answer. */
const compaction: TokenCounts = { ...noTokens, inputUncached: 300, outputVisible: 30 };

export interface MessagesBill {
  /** Of the answer itself: what the top of the usage object tells. */
  readonly atTop: TokenCounts;
  /** What is billed besides, and told by the iterations alone. */
  readonly leftOut: TokenCounts;
  readonly total: TokenCounts;
}

export function messagesBill(request: MessagesRequest, answer: Answer): MessagesBill {
  const atTop = bill(request, answer);
  const leftOut = leftOutAtTop(request);
  return { atTop, leftOut, total: addTokens(atTop, leftOut) };
}

/** The input side of all that is billed. */
export function messagesInput(request: MessagesRequest): TokenCounts {
  return addTokens(billInput(request), { ...leftOutAtTop(request), outputVisible: 0 });
}

function leftOutAtTop({ behaviour }: MessagesRequest): TokenCounts {
  return behaviour.iterations ? compaction : noTokens;
}

/** The usage object at the end of an answer. */
export function finalUsage(request: MessagesRequest, { atTop, leftOut }: MessagesBill): object {
  const { searches, behaviour } = request;
  return {
    ...messagesUsage(atTop),
    ...(searches > 0 ? { server_tool_use: { web_search_requests: searches } } : {}),
    ...(behaviour.iterations
      ? { iterations: [iteration("compaction", leftOut), iteration("message", atTop)] }
      : {}),
  };
}

/** The Messages usage object: `input_tokens` is only what was neither read from nor put in a cache. */
export function messagesUsage(tokens: TokenCounts): object {
  return {
    ...counts(tokens),
    ...(tokens.outputReasoning > 0
      ? { output_tokens_details: { thinking_tokens: tokens.outputReasoning } }
      : {}),
    service_tier: "standard",
  };
}

function iteration(type: string, tokens: TokenCounts): object {
  return { type, ...counts(tokens) };
}

function counts(tokens: TokenCounts): object {
  return {
    input_tokens: tokens.inputUncached,
    cache_creation_input_tokens: tokens.cacheWrite5m + tokens.cacheWrite1h,
    cache_read_input_tokens: tokens.cacheRead,
    cache_creation: {
      ephemeral_5m_input_tokens: tokens.cacheWrite5m,
      ephemeral_1h_input_tokens: tokens.cacheWrite1h,
    },
    output_tokens: tokens.outputVisible + tokens.outputReasoning,
  };
}

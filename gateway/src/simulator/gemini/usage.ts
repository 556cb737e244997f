import type { TokenCounts } from "../../contracts/index.ts";
import type { Answer } from "../answer.ts";
import { bill, billInput } from "../bill.ts";
import type { GeminiRequest } from "./read.ts";

const tokensPerSound = 25;
const tokensPerSearch = 11;

/** The whole answer's bill: sounds and the prompts of searches come on top of the input. */
export function geminiBill(request: GeminiRequest, answer: Answer): TokenCounts {
  return { ...bill(request, answer), ...extraInput(request) };
}

export function geminiInput(request: GeminiRequest): TokenCounts {
  return { ...billInput(request), ...extraInput(request) };
}

function extraInput({ sounds, searches }: GeminiRequest): Partial<TokenCounts> {
  return { audioIn: tokensPerSound * sounds, toolUsePrompt: tokensPerSearch * searches };
}

/**
 * Google's usage object: the prompt includes what was cached and what was sound, candidates leave
 * thoughts out, and counts of 0 are not written.
 */
export function geminiUsage(tokens: TokenCounts): object {
  const prompt = tokens.inputUncached + tokens.cacheRead + tokens.audioIn;
  const counts = {
    promptTokenCount: prompt,
    cachedContentTokenCount: tokens.cacheRead,
    candidatesTokenCount: tokens.outputVisible,
    thoughtsTokenCount: tokens.outputReasoning,
    toolUsePromptTokenCount: tokens.toolUsePrompt,
    totalTokenCount: prompt + tokens.outputVisible + tokens.outputReasoning + tokens.toolUsePrompt,
  };
  return {
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    promptTokensDetails: details({ TEXT: prompt - tokens.audioIn, AUDIO: tokens.audioIn }),
    ...(tokens.cacheRead > 0 ? { cacheTokensDetails: details({ TEXT: tokens.cacheRead }) } : {}),
  };
}

function details(counts: Readonly<Record<string, number>>): readonly object[] {
  return Object.entries(counts)
    .filter(([, tokenCount]) => tokenCount > 0)
    .map(([modality, tokenCount]) => ({ modality, tokenCount }));
}

import type { FrameVerdict, ResponseFacts, StreamMeter } from "../dialect.ts";
import { isJsonObject } from "../json-body.ts";
import { unknownResponse } from "../response-facts.ts";
import { count, noTokens } from "../token-counts.ts";
import { chunkIn } from "./frame.ts";
import { GeminiAnswer } from "./read-answer.ts";
import { geminiTokens } from "./usage.ts";

/**
 * Reads server-sent events and elements of a streamed array alike. No frame is `terminal`: there is
 * no [DONE], usage may follow the finish reason in a chunk of its own, and some models send
 * `finishReason: "STOP"` with every chunk. The end of the body is the end of the answer.
 */
export function geminiStreamMeter(): StreamMeter {
  const answer = new GeminiAnswer();
  return {
    frame: (frame: Buffer): FrameVerdict => {
      const chunk = chunkIn(frame);
      if (chunk !== null) answer.add(chunk);
      return "forward";
    },
    facts: () => answer.facts(),
  };
}

/** A whole answer, or the array of chunks that a stream was. */
export function meterGeminiJson(body: unknown): ResponseFacts {
  const answer = new GeminiAnswer();
  const chunks = Array.isArray(body) ? body : [body];
  for (const chunk of chunks) if (isJsonObject(chunk)) answer.add(chunk);
  const facts = answer.facts();
  if (!isJsonObject(body)) return facts;
  // A body that parses is whole, whether or not it has a candidate.
  return { ...facts, ended: true, usageIsFinal: facts.tokens !== null };
}

/** `{totalTokens}`: a count is free of charge. */
export function meterGeminiCount(body: unknown): ResponseFacts {
  const counted = count(body, "totalTokens") !== null;
  return { ...unknownResponse(), ended: counted, usageIsFinal: counted, tokens: noTokens() };
}

/** `{embedding}` or `{embeddings}`; only newer models tell usage. */
export function meterGeminiEmbeddings(body: unknown): ResponseFacts {
  const facts = unknownResponse();
  if (!isJsonObject(body)) return facts;
  facts.ended = isJsonObject(body["embedding"]) || Array.isArray(body["embeddings"]);
  const usage = body["usageMetadata"];
  if (!isJsonObject(usage)) return facts;
  facts.tokens = geminiTokens(usage);
  facts.totalTokens = count(usage, "totalTokenCount");
  facts.rawUsage = JSON.stringify(usage);
  facts.usageIsFinal = facts.ended && facts.tokens !== null;
  return facts;
}

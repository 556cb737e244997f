import type { Reply } from "../reply.ts";
import type { Asked, ReceivedBody, Wire } from "../wire.ts";
import { readCount } from "./count-tokens.ts";
import { readBatchEmbed, readEmbed } from "./embeddings.ts";
import { geminiError } from "./error.ts";
import { arrayFraming, eventFraming } from "./framing.ts";
import { type GeminiRequest, readGenerate } from "./read.ts";
import { streamedAnswer, wholeAnswer } from "./reply.ts";

const reads: Readonly<Record<string, (received: ReceivedBody) => Asked>> = {
  generateContent: (received) => asked(readGenerate(received, false), wholeAnswer),
  streamGenerateContent: (received) => {
    const framed = received.query.get("alt") === "sse" ? eventFraming : arrayFraming;
    return asked(readGenerate(received, true), (request) => streamedAnswer(request, framed));
  },
  countTokens: readCount,
  embedContent: readEmbed,
  batchEmbedContents: readBatchEmbed,
};

export const geminiVerbs: readonly string[] = Object.keys(reads);

/** Google's Gemini API; which of its verbs a call is, its path tells. */
export const geminiWire: Wire = {
  dialect: "gemini",
  requestIdHeader: "x-request-id",
  read: (received) => {
    const read = reads[received.params["verb"] ?? ""];
    if (read === undefined) throw new Error("No route leads here without a verb");
    return read(received);
  },
  error: (status, message) => geminiError(status, message),
};

function asked(request: GeminiRequest, reply: (request: GeminiRequest) => Reply): Asked {
  const { digest, model, behaviour, stream } = request;
  return { digest, model, behaviour, stream, reply: () => reply(request) };
}

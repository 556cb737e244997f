import { hash } from "node:crypto";
import type { TokenCounts } from "../../contracts/index.ts";
import { positiveInteger } from "../json-value.ts";
import { modelOf, openaiWire } from "../openai/format.ts";
import { readInputs } from "../openai/inputs.ts";
import { wholeReply } from "../reply.ts";
import { BadRequest, digestOf } from "../request.ts";
import { noTokens } from "../token-sum.ts";

const defaultDimensions = 64;
const maxDimensions = 4096;
const maxInputs = 2048;

/** Embeddings: a vector for each input, a function of the input alone. */
export const embeddingsWire = openaiWire("openai-embeddings", (received) => {
  const { json } = received;
  const { model, behaviour } = modelOf(json);
  const inputs = readInputs(json["input"], "input");
  if (inputs.length > maxInputs) throw new BadRequest("input has too many members", "input");
  const dimensions = positiveInteger(json["dimensions"]) ?? defaultDimensions;
  if (dimensions > maxDimensions) throw new BadRequest("dimensions is too large", "dimensions");
  const isBase64 = json["encoding_format"] === "base64";
  const tokens = { ...noTokens, inputUncached: 7 + sum(inputs.map((input) => input.tokens)) };
  const reported = behaviour.reportsUsage ? { reported: tokens } : {};
  return {
    digest: digestOf(received),
    model,
    behaviour,
    stream: false,
    reply: () => {
      const data = inputs.map(({ text }, index) => {
        const vector = vectorOf(text, dimensions);
        return { object: "embedding", index, embedding: isBase64 ? base64Of(vector) : [...vector] };
      });
      const usage = behaviour.reportsUsage ? { usage: usageOf(tokens) } : {};
      const bytes = JSON.stringify({ object: "list", data, model, ...usage });
      return wholeReply({ bytes, visible: 0, reasoning: 0, ...reported }, tokens);
    },
  };
});

function usageOf({ inputUncached }: TokenCounts): object {
  return { prompt_tokens: inputUncached, total_tokens: inputUncached };
}

// Each number is a small multiple of 1/128, so that single precision holds it exactly.
function vectorOf(text: string, dimensions: number): Float32Array {
  const bytes = hash("sha256", text, "buffer");
  return Float32Array.from(
    { length: dimensions },
    (_, index) => ((bytes[index % bytes.length] ?? 0) - 128) / 128,
  );
}

function base64Of(vector: Float32Array): string {
  return Buffer.from(vector.buffer).toString("base64");
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

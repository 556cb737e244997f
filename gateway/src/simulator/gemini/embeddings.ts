import { hash } from "node:crypto";
import { behaviourOf } from "../behaviour.ts";
import { billInput } from "../bill.ts";
import { isJsonObject, objectsIn, positiveInteger, type JsonObject } from "../json-value.ts";
import { wholeReply } from "../reply.ts";
import { BadRequest } from "../request.ts";
import { countWords, textOf } from "../text.ts";
import type { Asked, ReceivedBody } from "../wire.ts";
import { listOf, memberOf } from "./members.ts";
import { digestFor, modelIn, partsOf } from "./read.ts";

const defaultDimensions = 64;
const maxDimensions = 3072;
const maxRequests = 100;

/** `embedContent`. @throws {BadRequest} */
export function readEmbed(received: ReceivedBody): Asked {
  return embedded(received, [received.json], ([embedding]) => ({ embedding }));
}

/** `batchEmbedContents`. @throws {BadRequest} */
export function readBatchEmbed(received: ReceivedBody): Asked {
  const requests = objectsIn(listOf(received.json["requests"]));
  if (requests.length === 0 || requests.length > maxRequests) {
    throw new BadRequest("* BatchEmbedContentsRequest.requests: between 1 and 100", "requests");
  }
  const model = modelIn(received);
  if (!requests.every((request) => namesOnly(request, model))) {
    const text = "* BatchEmbedContentsRequest.requests: model must be the path's";
    throw new BadRequest(text, "requests");
  }
  return embedded(received, requests, (embeddings) => ({ embeddings }));
}

function namesOnly({ model }: JsonObject, expected: string): boolean {
  return [undefined, expected, `models/${expected}`].includes(
    typeof model === "string" ? model : undefined,
  );
}

function embedded(
  received: ReceivedBody,
  requests: readonly JsonObject[],
  render: (embeddings: readonly object[]) => object,
): Asked {
  const model = modelIn(received);
  const behaviour = behaviourOf(model);
  const texts = requests.map(textToEmbed);
  const words = countWords(texts.join(" "));
  const tokens = billInput({
    behaviour: { ...behaviour, cached: false },
    dialect: "gemini",
    words,
    messageCount: texts.length,
    tools: [],
  });
  return {
    digest: digestFor(received, model),
    model,
    behaviour,
    stream: false,
    reply: () => {
      const embeddings = requests.map((request, at) => ({
        values: vectorOf(texts[at] ?? "", dimensionsOf(request)),
      }));
      const { inputUncached } = tokens;
      const usage = { promptTokenCount: inputUncached, totalTokenCount: inputUncached };
      const told = behaviour.reportsUsage;
      const body = { ...render(embeddings), ...(told ? { usageMetadata: usage } : {}) };
      const step = { bytes: JSON.stringify(body), visible: 0, reasoning: 0 };
      return wholeReply(told ? { ...step, reported: tokens } : step, tokens);
    },
  };
}

function textToEmbed(request: JsonObject): string {
  const { content } = request;
  if (!isJsonObject(content)) {
    throw new BadRequest("* EmbedContentRequest.content: content is not specified", "content");
  }
  return textOf(partsOf(content));
}

function dimensionsOf(request: JsonObject): number {
  const asked = positiveInteger(memberOf(request, "outputDimensionality"));
  return Math.min(maxDimensions, asked ?? defaultDimensions);
}

function vectorOf(text: string, dimensions: number): readonly number[] {
  const bytes = hash("sha256", text, "buffer");
  return Array.from(
    { length: dimensions },
    (_, index) => ((bytes[index % bytes.length] ?? 0) - 128) / 128,
  );
}

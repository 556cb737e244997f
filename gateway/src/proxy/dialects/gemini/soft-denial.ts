import type { RenderedAnswer } from "../dialect.ts";

const noUsage = { promptTokenCount: 0, candidatesTokenCount: 0, totalTokenCount: 0 };

/** A denial as an answer of the model, for clients that any error makes drop their key. */
export function geminiSoftDenial(
  text: string,
  asked: { model: string; stream: boolean; id: string },
  isEventStream: boolean,
): RenderedAnswer {
  const answer = JSON.stringify({
    candidates: [{ content: { parts: [{ text }], role: "model" }, finishReason: "STOP", index: 0 }],
    usageMetadata: noUsage,
    modelVersion: asked.model,
    responseId: asked.id,
  });
  if (!asked.stream) return { contentType: "application/json", body: answer };
  return isEventStream
    ? { contentType: "text/event-stream; charset=utf-8", body: `data: ${answer}\r\n\r\n` }
    : { contentType: "application/json", body: `[${answer}]` };
}

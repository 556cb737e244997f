import type { RenderedAnswer } from "../dialect.ts";

/** A denial as an assistant message, for clients that any error makes drop their key. */
export function chatSoftDenial(
  text: string,
  asked: { model: string; stream: boolean; id: string },
): RenderedAnswer {
  const common = { id: `chatcmpl-${asked.id}`, created: 0, model: asked.model };
  if (!asked.stream) {
    const message = { role: "assistant", content: text, refusal: null };
    const body = JSON.stringify({
      ...common,
      object: "chat.completion",
      choices: [{ index: 0, message, logprobs: null, finish_reason: "stop" }],
      usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
    });
    return { contentType: "application/json", body };
  }
  const chunk = (delta: object, finishReason: string | null) =>
    `data: ${JSON.stringify({
      ...common,
      object: "chat.completion.chunk",
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
    })}\n\n`;
  const body = `${chunk({ role: "assistant", content: text }, null)}${chunk({}, "stop")}data: [DONE]\n\n`;
  return { contentType: "text/event-stream; charset=utf-8", body };
}

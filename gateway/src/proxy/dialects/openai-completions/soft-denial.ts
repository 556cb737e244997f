import type { RenderedAnswer } from "../dialect.ts";

/** A denial as a completion, for clients that any error makes drop their key. */
export function completionSoftDenial(
  text: string,
  asked: { model: string; stream: boolean; id: string },
): RenderedAnswer {
  const answer = {
    id: `cmpl-${asked.id}`,
    object: "text_completion",
    created: 0,
    model: asked.model,
    choices: [{ index: 0, text, logprobs: null, finish_reason: "stop" }],
  };
  if (asked.stream) {
    const body = `data: ${JSON.stringify(answer)}\n\ndata: [DONE]\n\n`;
    return { contentType: "text/event-stream; charset=utf-8", body };
  }
  const usage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
  return { contentType: "application/json", body: JSON.stringify({ ...answer, usage }) };
}

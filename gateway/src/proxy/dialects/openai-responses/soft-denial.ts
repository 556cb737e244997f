import type { RenderedAnswer } from "../dialect.ts";
import { emptyResponse, renderEvents, type ResponseEvent } from "./denial-events.ts";

const noUsage = {
  input_tokens: 0,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 0,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 0,
};

/** A denial as a message of the model, for clients that any error makes drop their key. */
export function responseSoftDenial(
  text: string,
  asked: { model: string; stream: boolean; id: string },
): RenderedAnswer {
  if (asked.stream) {
    const body = renderEvents(softDenialEvents(text, asked));
    return { contentType: "text/event-stream; charset=utf-8", body };
  }
  const { completed } = parts(text, asked);
  return { contentType: "application/json", body: JSON.stringify(completed) };
}

/** The same as the events of a stream or a socket, in the order which clients insist on. */
export function softDenialEvents(
  text: string,
  asked: { model: string; id: string },
): ResponseEvent[] {
  const { started, completed, message, part } = parts(text, asked);
  const inItem = { item_id: `msg_${asked.id}`, output_index: 0, content_index: 0 };
  const events: ResponseEvent[] = [
    { type: "response.created", response: started },
    { type: "response.in_progress", response: started },
    {
      type: "response.output_item.added",
      output_index: 0,
      item: { ...message, status: "in_progress", content: [] },
    },
    { type: "response.content_part.added", ...inItem, part: { ...part, text: "" } },
    { type: "response.output_text.delta", ...inItem, delta: text, logprobs: [] },
    { type: "response.output_text.done", ...inItem, text, logprobs: [] },
    { type: "response.content_part.done", ...inItem, part },
    { type: "response.output_item.done", output_index: 0, item: message },
    { type: "response.completed", response: completed },
  ];
  for (const [index, event] of events.entries()) event["sequence_number"] = index;
  return events;
}

function parts(text: string, asked: { model: string; id: string }) {
  const started = emptyResponse(`resp_${asked.id}`, asked.model);
  const part = { type: "output_text", text, annotations: [], logprobs: [] };
  const message = {
    id: `msg_${asked.id}`,
    type: "message",
    status: "completed",
    role: "assistant",
    content: [part],
  };
  const completed = { ...started, status: "completed", output: [message], usage: noUsage };
  return { started, completed, message, part };
}

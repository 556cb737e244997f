import type { RenderedAnswer } from "../dialect.ts";

const noUsage = {
  input_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: 0,
};

/** A denial as an assistant message, for clients that any error makes drop their key. */
export function messagesSoftDenial(
  text: string,
  asked: { model: string; stream: boolean; id: string },
): RenderedAnswer {
  const message = {
    id: `msg_${asked.id}`,
    type: "message",
    role: "assistant",
    model: asked.model,
    content: [{ type: "text", text }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: noUsage,
  };
  if (!asked.stream) return { contentType: "application/json", body: JSON.stringify(message) };
  const events = [
    { type: "message_start", message: { ...message, content: [], stop_reason: null } },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text } },
    { type: "content_block_stop", index: 0 },
    {
      type: "message_delta",
      delta: { stop_reason: "end_turn", stop_sequence: null },
      usage: noUsage,
    },
    { type: "message_stop" },
  ];
  const body = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  return { contentType: "text/event-stream; charset=utf-8", body: body.join("") };
}

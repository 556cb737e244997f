/** Streams of Messages in the shapes that the API's documentation and its users describe. */
import { multiLineFrame, sseFrame, withLineEnds } from "../../testing/sse-bytes.ts";

export interface RecordedMessages {
  readonly bytes: Buffer;
  /** What has been generated, in the order in which it came. */
  readonly output: string;
  /** Null = the stream told no usage that can be read. */
  readonly tokens: Readonly<Record<string, number>> | null;
  readonly told?: Readonly<Record<string, unknown>>;
}

interface Event {
  type: string;
  [member: string]: unknown;
}

const frame = (event: Event) => sseFrame(event, event.type);
const stream = (...events: Event[]) => Buffer.concat(events.map(frame));
const start = (usage: object): Event => ({
  type: "message_start",
  message: { id: "msg_1", type: "message", role: "assistant", model: "c-1", content: [], usage },
});
const block = (index: number, content: object): Event => ({
  type: "content_block_start",
  index,
  content_block: content,
});
const delta = (index: number, change: object): Event => ({
  type: "content_block_delta",
  index,
  delta: change,
});
const text = (piece: string): Event => delta(0, { type: "text_delta", text: piece });
const end = (usage: object | undefined, reason = "end_turn"): Event => ({
  type: "message_delta",
  delta: { stop_reason: reason, stop_sequence: null },
  ...(usage === undefined ? {} : { usage }),
});
const stop: Event = { type: "message_stop" };
const ping: Event = { type: "ping" };
const textBlock = block(0, { type: "text", text: "" });

const plain = [
  start({ input_tokens: 12, output_tokens: 1 }),
  textBlock,
  ping,
  text("Grüße, 世界 "),
  text('😀 "quoted" \\ and\nlines'),
  { type: "content_block_stop", index: 0 },
  end({ output_tokens: 9 }),
  stop,
];
const plainText = 'Grüße, 世界 😀 "quoted" \\ and\nlines';
const plainTokens = { inputUncached: 12, outputVisible: 9 };

export const recordedMessages: Readonly<Record<string, RecordedMessages>> = {
  "text with pings and characters of several bytes": {
    bytes: stream(...plain),
    output: plainText,
    tokens: plainTokens,
    told: { finishReasons: ["end_turn"] },
  },
  "lines that end in CR LF": {
    bytes: withLineEnds(stream(...plain), "\r\n"),
    output: plainText,
    tokens: plainTokens,
  },
  "data over several lines, and comments between": {
    bytes: Buffer.concat(
      plain.flatMap((event) => [Buffer.from(": alive\n\n"), multiLineFrame(event)]),
    ),
    output: plainText,
    tokens: plainTokens,
  },
  "cache writes of two kinds, thinking with its signature, several deltas of usage": {
    bytes: stream(
      start({
        input_tokens: 5,
        cache_creation_input_tokens: 300,
        cache_read_input_tokens: 4_000,
        cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 200 },
        output_tokens: 2,
      }),
      block(0, { type: "thinking", thinking: "", signature: "" }),
      delta(0, { type: "thinking_delta", thinking: "Hm, " }),
      delta(0, { type: "signature_delta", signature: "c2lnbmF0dXJl" }),
      block(1, { type: "redacted_thinking", data: "cmVkYWN0ZWQ=" }),
      block(2, { type: "text", text: "" }),
      delta(2, { type: "text_delta", text: "yes" }),
      end({ output_tokens: 20, output_tokens_details: { thinking_tokens: 15 } }, "pause_turn"),
      end({
        output_tokens: 31,
        output_tokens_details: { thinking_tokens: 15 },
        input_tokens: null,
      }),
      stop,
    ),
    output: "Hm, yes",
    tokens: {
      inputUncached: 5,
      cacheRead: 4_000,
      cacheWrite5m: 100,
      cacheWrite1h: 200,
      outputVisible: 16,
      outputReasoning: 15,
    },
  },
  "tools of the client and of the provider": {
    bytes: stream(
      start({ input_tokens: 7, output_tokens: 1 }),
      block(0, { type: "server_tool_use", id: "srv_1", name: "web_search", input: {} }),
      block(1, { type: "tool_use", id: "tool_1", name: "weather", input: {} }),
      delta(1, { type: "input_json_delta", partial_json: '{"city": "Bie' }),
      delta(1, { type: "input_json_delta", partial_json: 'l"}' }),
      end({ output_tokens: 40, server_tool_use: { web_search_requests: 2 } }, "tool_use"),
      stop,
    ),
    output: '{"city": "Biel"}',
    tokens: { inputUncached: 7, outputVisible: 40 },
    told: { toolCallCount: 1, serverToolCalls: { web_search_requests: 2 } },
  },
  "input told only at the end, as compatible providers do": {
    bytes: stream(
      start({ input_tokens: 0, output_tokens: 0 }),
      textBlock,
      text("a"),
      end({ input_tokens: 33, cache_read_input_tokens: 8, output_tokens: 4 }),
      stop,
    ),
    output: "a",
    tokens: { inputUncached: 33, cacheRead: 8, outputVisible: 4 },
  },
  "usage nowhere": {
    bytes: stream(
      { type: "message_start", message: { id: "msg_1", model: "c-1" } },
      textBlock,
      text("a"),
      end(undefined),
      stop,
    ),
    output: "a",
    tokens: null,
  },
  "an error after status 200": {
    bytes: stream(start({ input_tokens: 3, output_tokens: 1 }), textBlock, text("a"), {
      type: "error",
      error: { type: "overloaded_error", message: "Overloaded" },
    }),
    output: "a",
    tokens: { inputUncached: 3, outputVisible: 1 },
    told: { errorInStream: true, ended: false, usageIsFinal: false },
  },
};

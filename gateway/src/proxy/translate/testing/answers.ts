/** Answers of providers as their documentation shows them, with the awkward turns in. */
function sse(events: readonly object[], named: boolean, lineEnd = "\n"): string {
  return events
    .map((event) => {
      const name = named && "type" in event ? `event: ${String(event.type)}${lineEnd}` : "";
      return `${name}data: ${JSON.stringify(event)}${lineEnd}${lineEnd}`;
    })
    .join("");
}

const usage = {
  input_tokens: 11,
  cache_creation_input_tokens: 5,
  cache_read_input_tokens: 3,
  cache_creation: { ephemeral_5m_input_tokens: 5, ephemeral_1h_input_tokens: 0 },
  output_tokens: 1,
};

/** A thought, a text, two calls, pings, two message_deltas, CR LF line ends. */
export const anthropicStream = sse(
  [
    {
      type: "message_start",
      message: {
        id: "msg_u",
        type: "message",
        role: "assistant",
        model: "claude-x",
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage,
      },
    },
    { type: "ping" },
    {
      type: "content_block_start",
      index: 0,
      content_block: { type: "thinking", thinking: "", signature: "" },
    },
    { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "Hm, " } },
    { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "é." } },
    {
      type: "content_block_delta",
      index: 0,
      delta: { type: "signature_delta", signature: "c2ln" },
    },
    { type: "content_block_stop", index: 0 },
    { type: "content_block_start", index: 1, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "日本 " } },
    { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "😀" } },
    { type: "content_block_stop", index: 1 },
    {
      type: "content_block_start",
      index: 2,
      content_block: { type: "tool_use", id: "toolu_1", name: "look", input: {} },
    },
    {
      type: "content_block_delta",
      index: 2,
      delta: { type: "input_json_delta", partial_json: "" },
    },
    {
      type: "content_block_delta",
      index: 2,
      delta: { type: "input_json_delta", partial_json: '{"at":' },
    },
    {
      type: "content_block_delta",
      index: 2,
      delta: { type: "input_json_delta", partial_json: '"left"}' },
    },
    { type: "content_block_stop", index: 2 },
    {
      type: "content_block_start",
      index: 3,
      content_block: { type: "tool_use", id: "toolu_2", name: "wait", input: {} },
    },
    { type: "content_block_stop", index: 3 },
    {
      type: "message_delta",
      delta: { stop_reason: null, stop_sequence: null },
      usage: { output_tokens: 4 },
    },
    {
      type: "message_delta",
      delta: { stop_reason: "tool_use", stop_sequence: null },
      usage: { output_tokens: 9, output_tokens_details: { thinking_tokens: 4 } },
    },
    { type: "message_stop" },
  ],
  true,
  "\r\n",
);

const chunk = (delta: object, finish: string | null = null) => ({
  id: "chatcmpl-u",
  object: "chat.completion.chunk",
  created: 1,
  model: "gpt-x",
  choices: [{ index: 0, delta, finish_reason: finish }],
  usage: null,
});
const call = (index: number, piece: string, head: object = {}, name?: string) => ({
  tool_calls: [{ index, ...head, function: { ...(name && { name }), arguments: piece } }],
});

/** A thought, a text, two calls whose pieces come in turns, and the usage at the end. */
export const openAiStream = `: keep-alive\n\n${sse(
  [
    chunk({ role: "assistant", content: "" }),
    chunk({ reasoning_content: "Hm." }),
    chunk({ content: "日本 " }),
    chunk({ content: "😀" }),
    chunk(call(0, "", { id: "call_1", type: "function" }, "look")),
    chunk(call(0, '{"at":')),
    chunk(call(1, '{"for', { id: "call_2", type: "function" }, "wait")),
    chunk(call(0, '"left"}')),
    chunk(call(1, '":1}')),
    chunk({}, "tool_calls"),
    {
      ...chunk({}),
      choices: [],
      usage: {
        prompt_tokens: 19,
        completion_tokens: 9,
        total_tokens: 28,
        prompt_tokens_details: { cached_tokens: 3, cache_write_tokens: 5 },
        completion_tokens_details: { reasoning_tokens: 4 },
      },
    },
  ],
  false,
)}data: [DONE]\n\n`;

const part = (...parts: object[]) => ({
  candidates: [{ content: { role: "model", parts }, index: 0 }],
  usageMetadata: { promptTokenCount: 19, totalTokenCount: 19 },
  responseId: "r",
  modelVersion: "gemini-x",
});

/** A thought, a text, a signed call and another one, usage in every chunk. */
export const geminiStream = sse(
  [
    part({ text: "Hm.", thought: true }),
    part({ text: "日本 " }),
    part({ text: "😀" }),
    part({
      functionCall: { id: "fc_1", name: "look", args: { at: "left" } },
      thoughtSignature: "c2ln",
    }),
    {
      ...part({ functionCall: { name: "wait", args: {} } }),
      candidates: [
        {
          content: { role: "model", parts: [{ functionCall: { name: "wait", args: {} } }] },
          finishReason: "STOP",
          index: 0,
        },
      ],
      usageMetadata: {
        promptTokenCount: 19,
        cachedContentTokenCount: 3,
        candidatesTokenCount: 5,
        thoughtsTokenCount: 4,
        totalTokenCount: 28,
      },
    },
  ],
  false,
  "\r\n",
);

export const anthropicJson = JSON.stringify({
  id: "msg_u",
  type: "message",
  role: "assistant",
  model: "claude-x",
  content: [
    { type: "thinking", thinking: "Hm.", signature: "c2ln" },
    { type: "redacted_thinking", data: "xyz" },
    { type: "text", text: "日本 " },
    { type: "text", text: "😀" },
    { type: "tool_use", id: "toolu_1", name: "look", input: { at: "left" } },
  ],
  stop_reason: "tool_use",
  stop_sequence: null,
  usage: { ...usage, output_tokens: 9, output_tokens_details: { thinking_tokens: 4 } },
});

export const openAiJson = JSON.stringify({
  id: "chatcmpl-u",
  object: "chat.completion",
  created: 1,
  model: "gpt-x",
  choices: [
    {
      index: 0,
      message: {
        role: "assistant",
        content: "日本 😀",
        reasoning_content: "Hm.",
        tool_calls: [
          {
            id: "call_1",
            type: "function",
            function: { name: "look", arguments: '{"at":"left"}' },
          },
          { id: "call_2", type: "function", function: { name: "wait", arguments: "" } },
        ],
      },
      finish_reason: "tool_calls",
    },
  ],
  usage: {
    prompt_tokens: 19,
    completion_tokens: 9,
    total_tokens: 28,
    prompt_tokens_details: { cached_tokens: 3, cache_write_tokens: 5 },
    completion_tokens_details: { reasoning_tokens: 4 },
  },
});

export const geminiJson = JSON.stringify({
  candidates: [
    {
      content: {
        role: "model",
        parts: [
          { text: "Hm.", thought: true },
          { text: "日本 😀" },
          {
            functionCall: { id: "fc_1", name: "look", args: { at: "left" } },
            thoughtSignature: "c2ln",
          },
        ],
      },
      finishReason: "STOP",
    },
  ],
  usageMetadata: {
    promptTokenCount: 19,
    cachedContentTokenCount: 3,
    candidatesTokenCount: 5,
    thoughtsTokenCount: 4,
    totalTokenCount: 28,
  },
});

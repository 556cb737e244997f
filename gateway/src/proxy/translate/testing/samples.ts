/** Requests with one member more, for tests that go through every row of the tables. */
import type { JsonObject, JsonValue } from "../../dialects/json-body.ts";

/** Puts the members under test into the object that a table is about. */
export type With = (members: JsonObject) => JsonObject;

export interface Sampled {
  path: string;
  request: With;
  /** A value that asks for something, for every member of the table. */
  values: Readonly<Record<string, JsonValue>>;
}

export const png = "iVBORw0KGgo=";
const cache = { type: "ephemeral" };

const chat = { model: "alias-1", max_tokens: 500 };
const ask = { role: "user", content: "hi" };
const chatUser = (part: JsonObject): JsonObject => ({
  ...chat,
  messages: [{ role: "user", content: [part] }],
});
const weather = { type: "function", function: { name: "weather", arguments: '{"city":"Rome"}' } };
const calling = (call: JsonObject) => ({
  role: "assistant",
  content: null,
  tool_calls: [{ id: "call_1", ...weather, ...call }],
});
const chatCalls = (call: JsonObject): JsonObject => ({
  ...chat,
  messages: [ask, calling(call), { role: "tool", tool_call_id: "call_1", content: "22" }],
});
const chatTool = (members: JsonObject): JsonObject => ({
  ...chat,
  messages: [ask],
  tools: [{ type: "function", function: { name: "weather" }, ...members }],
});

export const chatValues = {
  model: "alias-2",
  messages: [{ role: "user", content: "another" }],
  stream: true,
  stream_options: { include_usage: true },
  max_completion_tokens: 500,
  max_tokens: 501,
  temperature: 0.5,
  top_p: 0.5,
  stop: ["a", "b"],
  seed: 7,
  frequency_penalty: 0.5,
  presence_penalty: 0.5,
  reasoning_effort: "low",
  response_format: {
    type: "json_schema",
    json_schema: {
      name: "n",
      schema: { type: "object", properties: {}, additionalProperties: false },
    },
  },
  tools: [{ type: "function", function: { name: "weather" } }],
  tool_choice: "auto",
  parallel_tool_calls: false,
  user: "u-1",
  safety_identifier: "u-2",
  metadata: { a: "b" },
  prompt_cache_key: "k",
  prompt_cache_options: {},
  prompt_cache_retention: "24h",
  n: 2,
  logprobs: true,
  top_logprobs: 2,
  logit_bias: { "50256": -100 },
  modalities: ["text", "audio"],
  audio: { voice: "alloy", format: "wav" },
  prediction: { type: "content", content: "x" },
  store: true,
  service_tier: "flex",
  verbosity: "low",
  web_search_options: {},
  moderation: {},
  functions: [{ name: "weather" }],
  function_call: "auto",
} satisfies Record<string, JsonValue>;

const partValues = { cache_control: cache, prompt_cache_breakpoint: { mode: "explicit" } };
const messageValues = { role: "user", content: "x", name: "Ann", cache_control: cache };

export const chatSamples: readonly Sampled[] = [
  {
    path: "",
    request: (members) => ({ ...chat, messages: [ask], ...members }),
    values: chatValues,
  },
  {
    path: "stream_options.",
    request: (members) => ({ ...chat, messages: [ask], stream: true, stream_options: members }),
    values: { include_usage: true, include_obfuscation: true },
  },
  {
    path: "messages[system, developer].",
    request: (members) => ({
      ...chat,
      messages: [{ role: "system", content: "rules", ...members }, ask],
    }),
    values: { ...messageValues, role: "developer" },
  },
  {
    path: "messages[user].",
    request: (members) => ({ ...chat, messages: [{ ...ask, ...members }] }),
    values: messageValues,
  },
  {
    path: "messages[assistant].",
    request: (members) => ({
      ...chat,
      messages: [ask, { role: "assistant", content: "hello", ...members }, ask],
    }),
    values: {
      ...messageValues,
      role: "assistant",
      refusal: "no",
      tool_calls: [],
      annotations: [],
      reasoning_content: "hm",
      reasoning_details: [
        { type: "reasoning.text", text: "hm", signature: "s", format: "anthropic-claude-v1" },
      ],
      audio: { id: "a" },
      function_call: { name: "f", arguments: "{}" },
    },
  },
  {
    path: "messages[tool].",
    request: (members) => {
      const result = { role: "tool", tool_call_id: "call_1", content: "22", ...members };
      return { ...chat, messages: [ask, calling({}), result] };
    },
    values: {
      role: "tool",
      content: "23",
      tool_call_id: "call_1",
      cache_control: cache,
      name: "w",
    },
  },
  {
    path: "content[text].",
    request: (members) => chatUser({ type: "text", text: "hi", ...members }),
    values: { type: "text", text: "x", ...partValues },
  },
  {
    path: "content[image_url].",
    request: (members) =>
      chatUser({
        type: "image_url",
        image_url: { url: `data:image/png;base64,${png}` },
        ...members,
      }),
    values: {
      type: "image_url",
      image_url: { url: "https://images.example/a.png" },
      ...partValues,
    },
  },
  {
    path: "content[image_url].image_url.",
    request: (members) =>
      chatUser({
        type: "image_url",
        image_url: { url: `data:image/png;base64,${png}`, ...members },
      }),
    values: { url: "https://images.example/a.png", detail: "low" },
  },
  {
    path: "content[input_audio].",
    request: (members) =>
      chatUser({ type: "input_audio", input_audio: { data: png, format: "wav" }, ...members }),
    values: { type: "input_audio", input_audio: { data: png, format: "mp3" }, ...partValues },
  },
  {
    path: "content[input_audio].input_audio.",
    request: (members) =>
      chatUser({ type: "input_audio", input_audio: { data: png, format: "wav", ...members } }),
    values: { data: "AAAA", format: "mp3" },
  },
  {
    path: "content[file].",
    request: (members) =>
      chatUser({
        type: "file",
        file: { file_data: `data:application/pdf;base64,${png}` },
        ...members,
      }),
    values: {
      type: "file",
      file: { file_data: "data:application/pdf;base64,AAAA" },
      ...partValues,
    },
  },
  {
    path: "content[file].file.",
    request: (members) =>
      chatUser({
        type: "file",
        file: { file_data: `data:application/pdf;base64,${png}`, ...members },
      }),
    values: {
      file_data: "data:text/plain;base64,AAAA",
      filename: "a.pdf",
      file_id: "file-1",
    },
  },
  {
    path: "content[refusal].",
    request: (members) => ({
      ...chat,
      messages: [
        ask,
        { role: "assistant", content: [{ type: "refusal", refusal: "no", ...members }] },
        ask,
      ],
    }),
    values: { type: "refusal", refusal: "never" },
  },
  {
    path: "tools[].",
    request: chatTool,
    values: { type: "function", function: { name: "other" }, cache_control: cache },
  },
  {
    path: "tools[].function.",
    request: (members) => chatTool({ function: { name: "weather", ...members } }),
    values: { name: "other", description: "d", parameters: { type: "object" }, strict: true },
  },
  {
    path: "tool_calls[].",
    request: chatCalls,
    values: {
      id: "call_1",
      index: 0,
      type: "function",
      function: { name: "weather", arguments: '{"city":"Oslo"}' },
      extra_content: { google: { thought_signature: "sig" } },
    },
  },
  {
    path: "tool_calls[].function.",
    request: (members) => chatCalls({ function: { ...weather.function, ...members } }),
    values: { name: "other", arguments: '{"city":"Oslo"}' },
  },
];

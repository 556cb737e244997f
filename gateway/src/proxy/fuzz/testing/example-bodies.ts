/** Bodies of the operations that say most. */
import type { JsonObject } from "../../dialects/json-body.ts";

export const model = "sim-tools";
const schema = {
  type: "object",
  properties: { city: { type: "string", enum: ["Oslo", "東京"] } },
  required: ["city"],
  additionalProperties: false,
};
const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const imageUrl = `data:image/png;base64,${pixel}`;

export const chat: JsonObject = {
  model,
  messages: [
    { role: "system", content: "Be short." },
    {
      role: "user",
      name: "ada",
      content: [
        { type: "text", text: "Weather in 東京? 😀" },
        { type: "image_url", image_url: { url: imageUrl, detail: "low" } },
      ],
    },
    {
      role: "assistant",
      content: null,
      tool_calls: [
        {
          id: "call_1",
          type: "function",
          function: { name: "weather", arguments: '{"city":"Oslo"}' },
        },
      ],
    },
    { role: "tool", tool_call_id: "call_1", content: "rain" },
  ],
  tools: [
    { type: "function", function: { name: "weather", parameters: schema, strict: true } },
    { type: "custom", custom: { name: "note" } },
  ],
  tool_choice: { type: "function", function: { name: "weather" } },
  response_format: { type: "json_schema", json_schema: { name: "w", schema } },
  stream_options: { include_usage: true },
  max_completion_tokens: 40,
  temperature: 0.7,
  n: 1,
  stop: ["\n"],
  logit_bias: { "50256": -100 },
  metadata: { team: "blue" },
  safety_identifier: "u-1",
};

export const responses: JsonObject = {
  model,
  instructions: "Be short.",
  input: [
    {
      role: "user",
      content: [
        { type: "input_text", text: "Weather in 東京?" },
        { type: "input_image", image_url: imageUrl, detail: "low" },
      ],
    },
    { type: "function_call", call_id: "call_1", name: "weather", arguments: "{}" },
    { type: "function_call_output", call_id: "call_1", output: "rain" },
  ],
  tools: [
    { type: "function", name: "weather", parameters: schema, strict: true },
    { type: "web_search", user_location: { type: "approximate", country: "NO" } },
  ],
  tool_choice: "auto",
  text: { format: { type: "json_schema", name: "w", schema } },
  reasoning: { effort: "low" },
  include: ["reasoning.encrypted_content"],
  max_output_tokens: 40,
  store: false,
  metadata: { team: "blue" },
};

export const messages: JsonObject = {
  model,
  max_tokens: 40,
  system: [{ type: "text", text: "Be short.", cache_control: { type: "ephemeral", ttl: "1h" } }],
  messages: [
    {
      role: "user",
      content: [
        { type: "text", text: "Weather in 東京?" },
        { type: "image", source: { type: "base64", media_type: "image/png", data: pixel } },
      ],
    },
    {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "hm", signature: "c2ln" },
        { type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Oslo" } },
      ],
    },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "rain" }] },
  ],
  tools: [
    { name: "weather", input_schema: schema },
    { type: "web_search_20250305", name: "web_search", max_uses: 2 },
  ],
  tool_choice: { type: "auto" },
  thinking: { type: "enabled", budget_tokens: 1024 },
  metadata: { user_id: "u-1" },
  stop_sequences: ["END"],
};

export const generate: JsonObject = {
  systemInstruction: { parts: [{ text: "Be short." }] },
  contents: [
    {
      role: "user",
      parts: [{ text: "Weather in 東京?" }, { inlineData: { mimeType: "image/png", data: pixel } }],
    },
    { role: "model", parts: [{ functionCall: { name: "weather", args: { city: "Oslo" } } }] },
    {
      role: "user",
      parts: [{ functionResponse: { name: "weather", response: { result: "rain" } } }],
    },
  ],
  tools: [
    { functionDeclarations: [{ name: "weather", parametersJsonSchema: schema }] },
    { googleSearch: {} },
  ],
  toolConfig: { functionCallingConfig: { mode: "AUTO" } },
  generationConfig: { maxOutputTokens: 40, thinkingConfig: { thinkingBudget: 10 } },
  safetySettings: [{ category: "HARM_CATEGORY_HARASSMENT", threshold: "BLOCK_NONE" }],
};

import { expect, test } from "vitest";
import type { JsonObject } from "../dialects/json-body.ts";
import { refusalOf } from "./testing/translate.ts";

const refused = (body: JsonObject) => refusalOf("chat.completions", "anthropic", body);
const ask = { role: "user", content: "hi" };

test.each<[string, string, JsonObject]>([
  ["temperature above Anthropic's", "'temperature'", { temperature: 1.5 }],
  ["temperature for a model without", "'temperature'", { model: "claude-opus-5", temperature: 1 }],
  [
    "top_p beside a temperature",
    "'top_p'",
    { model: "claude-sonnet-4-5", temperature: 1, top_p: 0.5 },
  ],
  [
    "a temperature while thinking",
    "'temperature'",
    { model: "claude-sonnet-4-5", temperature: 1, reasoning_effort: "low" },
  ],
  ["a limit above the model's", "'max_tokens'", { model: "claude-opus-4-1", max_tokens: 99_000 }],
  ["two limits", "'max_tokens'", { max_tokens: 5, max_completion_tokens: 6 }],
  [
    "a JSON object without a schema",
    "'response_format'",
    { response_format: { type: "json_object" } },
  ],
  [
    "a keyword that constrained decoding lacks",
    "'response_format.json_schema.schema.properties.a.if'",
    {
      response_format: {
        type: "json_schema",
        json_schema: { name: "n", schema: { type: "object", properties: { a: { if: {} } } } },
      },
    },
  ],
  [
    "a tool in the structured answer's place",
    "'tools'",
    {
      response_format: {
        type: "json_schema",
        json_schema: { name: "n", schema: { type: "object", properties: {} } },
      },
      tools: [{ type: "function", function: { name: "json" } }],
    },
  ],
  [
    "a forced tool on a model that cannot be forced",
    "'tool_choice'",
    {
      model: "claude-opus-5-5",
      tools: [{ type: "function", function: { name: "f" } }],
      tool_choice: "required",
    },
  ],
  ["a choice among tools", "'tool_choice.type'", { tool_choice: { type: "allowed_tools" } }],
  ["a custom tool", "'tools[0].type'", { tools: [{ type: "custom", custom: { name: "f" } }] }],
  [
    "instructions that come late",
    "'messages[1].role'",
    { messages: [ask, { role: "system", content: "x" }] },
  ],
  [
    "an assistant message at the end",
    "'messages[1]'",
    { messages: [ask, { role: "assistant", content: "so" }] },
  ],
  [
    "a role of old",
    "'messages[0].role'",
    { messages: [{ role: "function", name: "f", content: "x" }] },
  ],
  [
    "arguments that are not an object",
    "'messages[0].tool_calls[0].function.arguments'",
    {
      messages: [
        {
          role: "assistant",
          tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: "[1]" } }],
        },
        ask,
      ],
    },
  ],
  [
    "a number that would lose digits",
    "'messages[0].tool_calls[0].function.arguments'",
    {
      messages: [
        {
          role: "assistant",
          tool_calls: [
            {
              id: "a",
              type: "function",
              function: { name: "f", arguments: '{"id":12345678901234567890}' },
            },
          ],
        },
        ask,
      ],
    },
  ],
  [
    "audio",
    "'messages[0].content[0].input_audio'",
    {
      messages: [
        {
          role: "user",
          content: [{ type: "input_audio", input_audio: { data: "", format: "wav" } }],
        },
      ],
    },
  ],
  [
    "a file of another kind",
    "'messages[0].content[0].file.file_data'",
    {
      messages: [
        {
          role: "user",
          content: [{ type: "file", file: { file_data: "data:text/csv;base64,AAAA" } }],
        },
      ],
    },
  ],
  [
    "content of an unknown kind",
    "'messages[0].content[0].type'",
    {
      messages: [{ role: "user", content: [{ type: "hologram" }] }],
    },
  ],
  [
    "thoughts of another provider",
    "'messages[0].reasoning_details[0].format'",
    {
      messages: [
        {
          role: "assistant",
          content: "x",
          reasoning_details: [{ type: "reasoning.text", text: "t" }],
        },
        ask,
      ],
    },
  ],
  [
    "too many cache markers",
    "'cache_control'",
    {
      messages: Array.from({ length: 5 }, () => ({ ...ask, cache_control: { type: "ephemeral" } })),
    },
  ],
])("%s is refused by its name", async (_what, field, members) => {
  const refusal = await refused({ model: "m", messages: [ask], ...members });
  expect(refusal?.code).toBe("WEIR_NOT_TRANSLATABLE");
  expect(refusal?.message).toContain(field);
});

test.each<[string, string, JsonObject]>([
  ["a limit", "'max_tokens'", { max_tokens: "5" }],
  ["messages", "'messages'", { messages: "hi" }],
  [
    "a result without its call",
    "'messages[0].tool_call_id'",
    { messages: [{ role: "tool", tool_call_id: "x", content: "y" }] },
  ],
  [
    "a data URL",
    "'messages[0].content[0].image_url.url'",
    {
      messages: [
        { role: "user", content: [{ type: "image_url", image_url: { url: "data:image/png,x" } }] },
      ],
    },
  ],
  [
    "an address",
    "'messages[0].content[0].image_url.url'",
    {
      messages: [
        {
          role: "user",
          content: [{ type: "image_url", image_url: { url: "file:///etc/passwd" } }],
        },
      ],
    },
  ],
  [
    "a cache marker",
    "'messages[0].cache_control'",
    { messages: [{ ...ask, cache_control: { type: "forever" } }] },
  ],
])("%s of a wrong form is the caller's error, by its name", async (_what, field, members) => {
  const refusal = await refused({ model: "m", messages: [ask], ...members });
  expect(refusal?.code).toBe("WEIR_FIELD_INVALID");
  expect(refusal?.message).toContain(field);
});

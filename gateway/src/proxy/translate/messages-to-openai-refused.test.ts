import { expect, test } from "vitest";
import type { JsonObject } from "../dialects/json-body.ts";
import { png } from "./testing/samples.ts";
import { refusalOf } from "./testing/translate.ts";

const base = { model: "gpt-x", max_tokens: 100 };
const ask = { role: "user", content: "hi" };
const refused = (members: JsonObject) =>
  refusalOf("messages", "openai", { ...base, messages: [ask], ...members });

const call = { role: "assistant", content: [{ type: "tool_use", id: "t", name: "f", input: {} }] };
const image = { type: "image", source: { type: "base64", media_type: "image/png", data: png } };

test.each<[string, string, JsonObject]>([
  [
    "an edit of the context",
    "'context_management.edits[0]'",
    { context_management: { edits: [{ type: "clear_tool_uses_20250919" }] } },
  ],
  [
    "an image in a result",
    "'messages[1].content[0].content[0].type'",
    {
      messages: [
        call,
        { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: [image] }] },
      ],
    },
  ],
  [
    "a result after a text",
    "'messages[1].content[1].type'",
    {
      messages: [
        call,
        {
          role: "user",
          content: [
            { type: "text", text: "x" },
            { type: "tool_result", tool_use_id: "t" },
          ],
        },
      ],
    },
  ],
  [
    "a text after a call",
    "'messages[0].content[1].type'",
    {
      messages: [
        { role: "assistant", content: [...call.content, { type: "text", text: "x" }] },
        ask,
      ],
    },
  ],
  [
    "an answer to be continued",
    "'messages[1]'",
    { messages: [ask, { role: "assistant", content: "so" }] },
  ],
  [
    "an image kept at Anthropic",
    "'messages[0].content[0].source.type'",
    {
      messages: [
        { role: "user", content: [{ type: "image", source: { type: "file", file_id: "f" } }] },
      ],
    },
  ],
  [
    "a document by address",
    "'messages[0].content[0].source.type'",
    {
      messages: [
        {
          role: "user",
          content: [{ type: "document", source: { type: "url", url: "https://a.example/a.pdf" } }],
        },
      ],
    },
  ],
  [
    "a titled text",
    "'messages[0].content[0].title'",
    {
      messages: [
        {
          role: "user",
          content: [
            {
              type: "document",
              title: "t",
              source: { type: "text", media_type: "text/plain", data: "x" },
            },
          ],
        },
      ],
    },
  ],
  [
    "a tool of Anthropic's",
    "'tools[0].type'",
    { tools: [{ type: "web_search_20260318", name: "web_search" }] },
  ],
  [
    "a number that would lose digits",
    "'messages[0].content[0].input'",
    {
      messages: [
        {
          role: "assistant",
          content: [{ type: "tool_use", id: "t", name: "f", input: { id: 1e17 } }],
        },
        ask,
      ],
    },
  ],
  [
    "a format other than a schema",
    "'output_config.format.type'",
    { output_config: { format: { type: "xml" } } },
  ],
])("%s is refused by its name", async (_what, field, members) => {
  const refusal = await refused(members);
  expect(refusal?.code).toBe("WEIR_NOT_TRANSLATABLE");
  expect(refusal?.message).toContain(field);
});

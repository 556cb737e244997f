import { expect, test } from "vitest";
import type { JsonObject } from "../dialects/json-body.ts";
import { textOfRequest } from "./text-of-request.ts";

const linesOf = (body: JsonObject) => textOfRequest(body).split("\n").filter(Boolean);

test("chat completions: what messages and tool calls say, and the tools", () => {
  const lines = linesOf({
    model: "gpt-5",
    messages: [
      { role: "system", content: "Be brief." },
      {
        role: "user",
        content: [
          { type: "text", text: "What is this?" },
          { type: "image_url", image_url: { url: "https://example.com/a.png" } },
        ],
      },
      {
        role: "assistant",
        tool_calls: [
          { id: "call_1", type: "function", function: { name: "look", arguments: '{"at":1}' } },
        ],
      },
      { role: "tool", tool_call_id: "call_1", content: "A cat." },
    ],
    tools: [{ type: "function", function: { name: "look", parameters: { type: "object" } } }],
  });
  expect(lines).toEqual([
    "Be brief.",
    "What is this?",
    "look",
    '{"at":1}',
    "A cat.",
    '[{"type":"function","function":{"name":"look","parameters":{"type":"object"}}}]',
  ]);
});

test("messages: system, tool use with all of its input, results; no images, no signatures", () => {
  const lines = linesOf({
    system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }],
    messages: [
      {
        role: "user",
        content: [
          { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } },
          { type: "document", source: { type: "text", media_type: "text/plain", data: "Plain." } },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "Hm.", signature: "c2ln" },
          { type: "tool_use", id: "toolu_1", name: "write", input: { path: "a", id: 7 } },
        ],
      },
      {
        role: "user",
        content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "Done." }],
      },
    ],
  });
  expect(lines).toEqual(["Be brief.", "Plain.", "Hm.", "write", '{"path":"a","id":7}', "Done."]);
});

test("Responses: instructions, input as text or items, tools inside the input", () => {
  expect(linesOf({ instructions: "Be brief.", input: "Hello." })).toEqual(["Be brief.", "Hello."]);
  const lines = linesOf({
    input: [
      { type: "additional_tools", role: "developer", tools: [{ name: "exec" }] },
      { type: "message", role: "user", content: [{ type: "input_text", text: "Hello." }] },
      { type: "input_image", image_url: "data:image/png;base64,AAAA" },
      { type: "reasoning", id: "rs_1", encrypted_content: "gAAA", summary: [] },
      { type: "custom_tool_call", call_id: "c", name: "exec", input: "ls" },
      { type: "function_call_output", call_id: "c", output: "a b c" },
    ],
  });
  expect(lines).toEqual(['[{"name":"exec"}]', "Hello.", "exec", "ls", "a b c"]);
});

test("Gemini: contents, function calls and responses, system instruction; no inline data", () => {
  const lines = linesOf({
    systemInstruction: { parts: [{ text: "Be brief." }] },
    contents: [
      {
        role: "user",
        parts: [{ text: "Hello." }, { inlineData: { mimeType: "a/b", data: "AA" } }],
      },
      { role: "model", parts: [{ functionCall: { name: "look", args: { at: 1 } } }] },
      { role: "user", parts: [{ functionResponse: { name: "look", response: { is: "cat" } } }] },
    ],
    generationConfig: { temperature: 0.5, responseSchema: { type: "OBJECT" } },
  });
  expect(lines).toEqual([
    "Be brief.",
    "Hello.",
    "look",
    '{"at":1}',
    "look",
    '{"is":"cat"}',
    '{"type":"OBJECT"}',
  ]);
});

test("an image given as a data URL in a text is not text", () => {
  expect(linesOf({ prompt: "data:image/png;base64,AAAABBBB" })).toEqual([]);
});

test("a body of the wrong shape is no error", () => {
  for (const messages of [1, true, null, { a: { b: 1 } }, [[[null]], 2], "text"]) {
    expect(() =>
      textOfRequest({ messages, tools: messages, generationConfig: messages }),
    ).not.toThrow();
  }
});

test("depth, number of values and length are bounded", () => {
  let deep: JsonObject = { content: "bottom" };
  for (let at = 0; at < 100_000; at += 1) deep = { content: deep };
  expect(textOfRequest({ messages: [deep], tools: [deep] })).not.toContain("bottom");
  const many = Array.from({ length: 300_000 }, () => "x");
  expect(textOfRequest({ messages: many }).length).toBeLessThan(2 * 200_000);
  const long = textOfRequest({ messages: ["x".repeat(3_000_000), "y".repeat(3_000_000)] });
  expect(long.length).toBe(4_194_304);
});

import { expect, test } from "vitest";
import type { JsonObject } from "../dialects/json-body.ts";
import { refusalOf, send } from "./testing/translate.ts";

const ask = { role: "user", content: "hi" };
const model = "gemini-2.5-flash";

test("structured output goes as a media type and a schema", async () => {
  const schema = { type: "object", properties: { a: { const: 1 } } };
  const { body } = await send("chat.completions", "gemini", {
    model,
    messages: [ask],
    response_format: { type: "json_schema", json_schema: { name: "n", schema } },
  });
  expect(body["generationConfig"]).toEqual({
    responseMimeType: "application/json",
    responseJsonSchema: { type: "object", properties: { a: { enum: [1] } } },
  });
  const free = await send("chat.completions", "gemini", {
    model,
    messages: [ask],
    response_format: { type: "json_object" },
  });
  expect(free.body["generationConfig"]).toEqual({ responseMimeType: "application/json" });
});

test("effort becomes a thinking budget or level, as the model has it", async () => {
  const call = { messages: [ask], reasoning_effort: "low" };
  const budget = await send("chat.completions", "gemini", { ...call, model });
  expect(budget.body["generationConfig"]).toMatchObject({
    thinkingConfig: { thinkingBudget: expect.any(Number) },
  });
  const level = await send("chat.completions", "gemini", {
    ...call,
    model: "gemini-3-pro-preview",
  });
  expect(level.body["generationConfig"]).toMatchObject({
    thinkingConfig: { thinkingLevel: "low" },
  });
});

test("calls of earlier turns without Google's signature get the stand-in that Google documents", async () => {
  const { body } = await send("messages", "gemini", {
    model: "gemini-3-pro-preview",
    max_tokens: 5,
    messages: [
      ask,
      { role: "assistant", content: [{ type: "tool_use", id: "t", name: "f", input: {} }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "x" }] },
    ],
  });
  expect(JSON.stringify(body["contents"])).toContain("skip_thought_signature_validator");
});

test.each<[string, string, "chat.completions" | "messages", JsonObject]>([
  [
    "penalties of a model without",
    "'frequency_penalty'",
    "chat.completions",
    { frequency_penalty: 1 },
  ],
  [
    "instructions that come late",
    "'messages[1].role'",
    "chat.completions",
    { messages: [ask, { role: "system", content: "x" }] },
  ],
  [
    "an image of unknown type",
    "'messages[0].content[0].image_url.url'",
    "chat.completions",
    {
      messages: [
        {
          role: "user",
          content: [{ type: "image_url", image_url: { url: "https://images.example/a" } }],
        },
      ],
    },
  ],
  [
    "one call at a time",
    "'tool_choice.disable_parallel_tool_use'",
    "messages",
    { tool_choice: { type: "auto", disable_parallel_tool_use: true } },
  ],
  [
    "a system message within",
    "'messages[0].role'",
    "messages",
    { messages: [{ role: "system", content: "x" }, ask] },
  ],
  ["a model's name that would change the path", "'model'", "messages", { model: "a/../../files" }],
  ["a model's name that would add a query", "'model'", "chat.completions", { model: "a?key=x" }],
])("%s is refused by its name", async (_what, field, operation, members) => {
  const body = { model, max_tokens: 5, messages: [ask], ...members };
  const refusal = await refusalOf(operation, "gemini", body);
  expect(refusal?.code).toBe("WEIR_NOT_TRANSLATABLE");
  expect(refusal?.message).toContain(field);
});

import { expect, test } from "vitest";
import { png } from "./testing/samples.ts";
import { send } from "./testing/translate.ts";

const model = "gemini-2.5-flash";

const expectedContents = [
  {
    role: "user",
    parts: [
      { text: "What is this? é 😀" },
      { inlineData: { mimeType: "image/png", data: png } },
      { fileData: { mimeType: "image/png", fileUri: "https://images.example/a.png" } },
      { inlineData: { mimeType: "application/pdf", data: png } },
    ],
  },
  {
    role: "model",
    parts: [
      { text: "I look." },
      { functionCall: { id: "t_1", name: "look", args: { at: "left" } } },
      { functionCall: { id: "t_2", name: "look", args: {} } },
    ],
  },
];
const generationConfig = {
  maxOutputTokens: 100,
  temperature: 0.5,
  topP: 0.9,
  stopSequences: ["END"],
};
const toolSchema = { type: "object", properties: {} };

test("a chat conversation arrives whole", async () => {
  const { path, headers, body } = await send("chat.completions", "gemini", {
    model,
    stream: true,
    max_tokens: 100,
    temperature: 0.5,
    top_p: 0.9,
    seed: 7,
    stop: ["END"],
    messages: [
      { role: "system", content: "Be brief." },
      {
        role: "user",
        content: [
          { type: "text", text: "What is this? é 😀" },
          { type: "image_url", image_url: { url: `data:image/png;base64,${png}` } },
          { type: "image_url", image_url: { url: "https://images.example/a.png" } },
          {
            type: "file",
            file: { filename: "a.pdf", file_data: `data:application/pdf;base64,${png}` },
          },
        ],
      },
      {
        role: "assistant",
        content: "I look.",
        tool_calls: [
          {
            id: "t_1",
            type: "function",
            function: { name: "look", arguments: '{"at":"left"}' },
            extra_content: { google: { thought_signature: "sig/=" } },
          },
          { id: "t_2", type: "function", function: { name: "look", arguments: "{}" } },
        ],
      },
      { role: "tool", tool_call_id: "t_1", content: "first" },
      {
        role: "tool",
        tool_call_id: "t_2",
        content: [
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      },
    ],
    tools: [
      {
        type: "function",
        function: { name: "look", description: "Looks.", parameters: toolSchema },
      },
    ],
    tool_choice: "required",
    response_format: { type: "text" },
  });
  expect(path).toBe(`/v1beta/models/${model}:streamGenerateContent?alt=sse`);
  expect(Object.keys(headers)).not.toContain("x-goog-api-key");
  const signed = structuredClone(expectedContents);
  Object.assign(signed[1]?.parts[1] ?? {}, { thoughtSignature: "sig/=" });
  expect(body).toEqual({
    generationConfig: { ...generationConfig, seed: 7 },
    systemInstruction: { parts: [{ text: "Be brief." }] },
    contents: [
      ...signed,
      {
        role: "user",
        parts: [
          {
            functionResponse: {
              id: "t_1",
              name: "look",
              response: { name: "look", content: "first" },
            },
          },
        ],
      },
      {
        role: "user",
        parts: [
          {
            functionResponse: {
              id: "t_2",
              name: "look",
              response: { name: "look", content: "a\nb" },
            },
          },
        ],
      },
    ],
    tools: [
      {
        functionDeclarations: [
          { name: "look", description: "Looks.", parametersJsonSchema: toolSchema },
        ],
      },
    ],
    toolConfig: { functionCallingConfig: { mode: "ANY" } },
  });
});

test("a Messages conversation arrives whole", async () => {
  const { path, body } = await send("messages", "gemini", {
    model,
    max_tokens: 100,
    temperature: 0.5,
    top_p: 0.9,
    top_k: 5,
    stop_sequences: ["END"],
    system: "Be brief.",
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "What is this? é 😀" },
          { type: "image", source: { type: "base64", media_type: "image/png", data: png } },
          { type: "image", source: { type: "url", url: "https://images.example/a.png" } },
          {
            type: "document",
            source: { type: "base64", media_type: "application/pdf", data: png },
          },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "text", text: "I look." },
          { type: "tool_use", id: "t_1", name: "look", input: { at: "left" } },
          { type: "tool_use", id: "t_2", name: "look", input: {} },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "t_1", content: "first" },
          { type: "tool_result", tool_use_id: "t_2", content: "none there", is_error: true },
        ],
      },
    ],
    tools: [{ name: "look", description: "Looks.", input_schema: toolSchema }],
    tool_choice: { type: "none" },
  });
  expect(path).toBe(`/v1beta/models/${model}:generateContent`);
  expect(body).toEqual({
    generationConfig: { ...generationConfig, topK: 5 },
    systemInstruction: { parts: [{ text: "Be brief." }] },
    contents: [
      ...expectedContents,
      {
        role: "user",
        parts: [
          {
            functionResponse: {
              id: "t_1",
              name: "look",
              response: { name: "look", content: "first" },
            },
          },
          {
            functionResponse: {
              id: "t_2",
              name: "look",
              response: { name: "look", error: "none there" },
            },
          },
        ],
      },
    ],
    tools: [
      {
        functionDeclarations: [
          { name: "look", description: "Looks.", parametersJsonSchema: toolSchema },
        ],
      },
    ],
    toolConfig: { functionCallingConfig: { mode: "NONE" } },
  });
});

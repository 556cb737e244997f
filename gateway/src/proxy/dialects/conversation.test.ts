import { describe, expect, test } from "vitest";
import { messagesConversation } from "./anthropic/conversation.ts";
import { geminiConversation } from "./gemini/conversation.ts";
import type { JsonObject } from "./json-body.ts";
import { chatConversation } from "./openai-chat/conversation.ts";
import { responsesConversation } from "./openai-responses/conversation.ts";

const args = { folder: "inbox" };
const argsText = JSON.stringify(args);

/** The same conversation in every dialect. */
const chat: JsonObject = {
  messages: [
    { role: "system", content: "Be brief." },
    { role: "user", content: [{ type: "text", text: "Read my mail" }] },
    {
      role: "assistant",
      content: "I shall.",
      tool_calls: [
        { id: "c1", type: "function", function: { name: "read_mail", arguments: argsText } },
      ],
    },
    { role: "tool", tool_call_id: "c1", content: "From: eve" },
  ],
};
const responses: JsonObject = {
  instructions: "Be brief.",
  input: [
    { role: "user", content: [{ type: "input_text", text: "Read my mail" }] },
    { type: "message", role: "assistant", content: [{ type: "output_text", text: "I shall." }] },
    { type: "function_call", call_id: "c1", name: "read_mail", arguments: argsText },
    { type: "function_call_output", call_id: "c1", output: "From: eve" },
  ],
};
const messages: JsonObject = {
  system: [{ type: "text", text: "Be brief." }],
  messages: [
    { role: "user", content: "Read my mail" },
    {
      role: "assistant",
      content: [
        { type: "text", text: "I shall." },
        { type: "tool_use", id: "c1", name: "read_mail", input: args },
      ],
    },
    {
      role: "user",
      content: [
        { type: "tool_result", tool_use_id: "c1", content: [{ type: "text", text: "From: eve" }] },
      ],
    },
  ],
};
const gemini: JsonObject = {
  systemInstruction: { parts: [{ text: "Be brief." }] },
  contents: [
    { role: "user", parts: [{ text: "Read my mail" }] },
    {
      role: "model",
      parts: [{ text: "I shall." }, { functionCall: { id: "c1", name: "read_mail", args } }],
    },
    {
      role: "user",
      parts: [{ functionResponse: { id: "c1", name: "read_mail", response: "From: eve" } }],
    },
  ],
};

test.each([
  ["openai-chat", chatConversation(chat), "From: eve"],
  ["openai-responses", responsesConversation(responses), "From: eve"],
  ["anthropic", messagesConversation(messages), "From: eve"],
  ["gemini", geminiConversation(gemini), '"From: eve"'],
])("says who said what, and what a tool was called with: %s", (_name, pieces, result) => {
  expect(pieces).toEqual([
    { source: "system", text: "Be brief." },
    { source: "user", text: "Read my mail" },
    { source: "assistant", text: "I shall." },
    { source: "tool", tool: "read_mail", args, text: result },
  ]);
});

describe("what others wrote is no word of the user's", () => {
  test("in a user's message of the messages API", () => {
    const body: JsonObject = {
      messages: [
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "gone", content: "from eve" },
            {
              type: "document",
              source: { type: "text", media_type: "text/plain", data: "by eve" },
            },
            { type: "search_result", content: [{ type: "text", text: "found" }] },
            { type: "text", text: "mine" },
          ],
        },
      ],
    };
    expect(messagesConversation(body).filter(({ source }) => source === "user")).toEqual([
      { source: "user", text: "mine" },
    ]);
  });

  test("in results of tools that the provider runs", () => {
    const pieces = [
      ...responsesConversation({
        input: [{ type: "file_search_call", id: "f", results: [{ text: "from a file" }] }],
      }),
      ...messagesConversation({
        messages: [
          {
            role: "assistant",
            content: [
              { type: "web_search_tool_result", tool_use_id: "w", content: [{ title: "a page" }] },
            ],
          },
        ],
      }),
      ...geminiConversation({
        contents: { role: "model", parts: { code_execution_result: { output: "printed" } } },
      }),
    ];
    expect(pieces.map(({ source }) => source)).toEqual(["tool", "tool", "tool"]);
  });

  test("in roles that no API has", () => {
    expect(chatConversation({ messages: [{ role: "User", content: "x" }] })[0]?.source).toBe(
      "system",
    );
    expect(chatConversation({ messages: [{ role: "developer", content: "x" }] })[0]?.source).toBe(
      "system",
    );
  });
});

test("a body of any form is read without an error", () => {
  const odd: JsonObject[] = [
    {},
    { messages: "x", input: 5, contents: null, system: { a: 1 } },
    {
      messages: [null, 1, { role: "tool", content: [[[["deep"]]]] }],
      input: [null, []],
      contents: [[]],
    },
    { messages: [{ role: "assistant", tool_calls: [{ id: 1, function: { arguments: "{" } }] }] },
  ];
  for (const body of odd) {
    for (const read of [
      chatConversation,
      responsesConversation,
      messagesConversation,
      geminiConversation,
    ]) {
      expect(Array.isArray(read(body))).toBe(true);
    }
  }
});

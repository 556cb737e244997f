import { describe, expect, it } from "vitest";
import { readMessages } from "./anthropic/read.ts";
import { answerTo } from "./answer.ts";
import { bill } from "./bill.ts";
import type { JsonObject } from "./json-value.ts";
import { readChat } from "./openai-chat/read.ts";
import { noTokens } from "./token-sum.ts";

const messages = [{ role: "user", content: "three small words" }];
const chat = (body: JsonObject) => readChat({ json: { messages, ...body }, sha256: "" });
const anthropic = (body: JsonObject) => readMessages({ json: { messages, ...body }, sha256: "" });
const parameters = { type: "object", properties: { a: { type: "string" } } };

describe("bill", () => {
  it("grows with words, messages and tools on the input side", () => {
    expect(bill(chat({ model: "m" })).inputUncached).toBe(7 + 3 + 3);
    const tools = [{ type: "function", function: { name: "f", parameters } }];
    expect(bill(chat({ model: "m", tools })).inputUncached).toBe(7 + 3 + 3 + 5);
    expect(bill(anthropic({ model: "m", system: "two words" })).inputUncached).toBe(7 + 5 + 3);
  });

  it("keeps what was cached out of the uncached input", () => {
    const expected = { ...noTokens, inputUncached: 13, outputVisible: 10 };
    expect(bill(anthropic({ model: "sim-cached" }))).toEqual({
      ...expected,
      cacheRead: 1000,
      cacheWrite5m: 200,
      cacheWrite1h: 40,
    });
    expect(bill(chat({ model: "sim-cached" }))).toEqual({ ...expected, cacheRead: 1000 });
  });

  it("keeps reasoning out of the visible output", () => {
    const tokens = bill(chat({ model: "sim-reasoning" }));
    expect(tokens.outputReasoning).toBe(24);
    expect(tokens.outputVisible).toBe(10);
  });

  it("bills no more output than max_tokens, and says that the answer was cut", () => {
    const request = chat({ model: "sim-long-50", max_completion_tokens: 7 });
    expect(answerTo(request).finish).toBe("length");
    expect(bill(request).outputVisible).toBe(7);
    expect(bill(anthropic({ model: "sim-reasoning", max_tokens: 30 }))).toMatchObject({
      outputReasoning: 24,
      outputVisible: 6,
    });
  });

  it("bills a called tool's name besides its arguments", () => {
    const tools = [{ name: "f", input_schema: parameters }];
    const request = anthropic({ model: "sim-tools", tools, max_tokens: 100 });
    // {"a":"simulator"} is seventeen characters, three pieces of up to seven.
    expect(bill(request).outputVisible).toBe(4);
  });
});

describe("answerTo", () => {
  const tools = ["f", "g"].map((name) => ({ type: "function", function: { name, parameters } }));
  const kinds = (body: JsonObject) => answerTo(chat({ tools, ...body })).blocks.map((b) => b.kind);
  const result = [...messages, { role: "tool", tool_call_id: "1", content: "12345" }];

  it("calls tools only when asked to by the model's name", () => {
    expect(kinds({ model: "gpt-x" })).toEqual(["text"]);
    expect(kinds({ model: "sim-tools" })).toEqual(["tool"]);
    expect(kinds({ model: "sim-tools-2" })).toEqual(["tool", "tool"]);
  });

  it("answers with text once a tool result is in the conversation", () => {
    const { blocks } = answerTo(chat({ model: "sim-tools", tools, messages: result }));
    expect(blocks[0]?.pieces.join("")).toBe(
      "This is Weir's simulator. The tool answered with 5 characters.",
    );
  });

  it("obeys tool_choice", () => {
    expect(kinds({ model: "sim-tools", tool_choice: "none" })).toEqual(["text"]);
    const tool_choice = { type: "function", function: { name: "g" } };
    expect(answerTo(chat({ model: "sim-tools", tools, tool_choice })).blocks).toMatchObject([
      { kind: "tool", name: "g" },
    ]);
  });

  it("never repeats the message's text", () => {
    const secret = [{ role: "user", content: "hunter2" }];
    expect(JSON.stringify(answerTo(chat({ model: "m", messages: secret })))).not.toContain(
      "hunter2",
    );
  });

  it("makes content of exactly the size asked for", () => {
    const { blocks } = answerTo(chat({ model: "sim-bytes-2500", max_tokens: 1 }));
    expect(Buffer.byteLength(blocks[0]?.pieces.join("") ?? "")).toBe(2500);
  });
});

import { expect, test } from "vitest";
import { describeBatchEmbed, describeCount, describeEmbed, describeGenerate } from "./describe.ts";

const user = { role: "user", parts: [{ text: "hi" }] };
const body = {
  contents: [
    user,
    { role: "model", parts: [{ functionCall: { name: "read_level", args: {} } }] },
    {
      role: "user",
      parts: [{ functionResponse: { name: "a" } }, { function_response: { name: "b" } }],
    },
  ],
  tools: [
    { functionDeclarations: [{ name: "read_level" }, { name: "open_gate" }] },
    { googleSearch: {}, urlContext: {}, codeExecution: null },
    { mcpServers: [{ name: "wiki", streamableHttpTransport: { url: "https://wiki.example" } }] },
  ],
  generationConfig: { maxOutputTokens: 100 },
  cachedContent: "cachedContents/abc",
};
const ambiguous = expect.objectContaining({ code: "WEIR_BODY_AMBIGUOUS" });
const invalid = expect.objectContaining({ code: "WEIR_FIELD_INVALID" });

test("tells what policy needs, and nothing of the text", () => {
  expect(describeGenerate(body, "g-1", true)).toEqual({
    model: "g-1",
    stream: true,
    toolNames: ["read_level", "open_gate", "googleSearch", "urlContext", "mcp:wiki"],
    maxTokens: 100,
    messageCount: 3,
    toolResultCount: 2,
    stateIds: ["cachedContents/abc"],
    assertedUserId: "",
    auxiliary: false,
  });
  expect(describeGenerate({}, "g-1", false)).toMatchObject({ maxTokens: null, toolNames: [] });
});

test("attack: sees what is written in snake case, which Google takes as well", () => {
  const snake = {
    contents: [],
    tools: [
      { function_declarations: [{ name: "open_gate" }] },
      { google_search: {}, code_execution: {} },
      { mcp_servers: [{ name: "wiki" }] },
    ],
    generation_config: { max_output_tokens: 7 },
    cached_content: "cachedContents/abc",
  };
  expect(describeGenerate(snake, "g-1", false)).toMatchObject({
    toolNames: ["open_gate", "googleSearch", "codeExecution", "mcp:wiki"],
    maxTokens: 7,
    stateIds: ["cachedContents/abc"],
  });
});

test("attack: sees one object where Google takes it for a list", () => {
  const single = {
    contents: { parts: { functionResponse: { name: "a" } } },
    tools: { functionDeclarations: { name: "open_gate" } },
  };
  expect(describeGenerate(single, "g-1", false)).toMatchObject({
    toolNames: ["open_gate"],
    messageCount: 1,
    toolResultCount: 1,
  });
});

test.each([
  [{ generationConfig: {}, generation_config: { maxOutputTokens: 9 } }],
  [{ generationConfig: { maxOutputTokens: 1, max_output_tokens: 9 } }],
  [{ tools: [{ functionDeclarations: [], function_declarations: [{ name: "open_gate" }] }] }],
  [{ tools: [{ googleSearch: null, google_search: {} }] }],
  [{ cachedContent: "", cached_content: "cachedContents/abc" }],
  [{ contents: [{ parts: [{ functionResponse: {}, function_response: {} }] }] }],
])("attack: refuses two spellings of one member: %j", (twice) => {
  expect(() => describeGenerate(twice, "g-1", false)).toThrow(ambiguous);
});

test.each([
  [{ tools: "x" }],
  [{ tools: ["x"] }],
  [{ tools: [{ functionDeclarations: [{ description: "nameless" }] }] }],
  [{ tools: [{ mcpServers: [{}] }] }],
  [{ tools: [{ functionDeclarations: [{ name: "x".repeat(257) }] }] }],
  [{ contents: "x" }],
  [{ contents: [{ parts: [1] }] }],
  [{ generationConfig: [] }],
  [{ generationConfig: { maxOutputTokens: "100" } }],
  [{ generationConfig: { maxOutputTokens: -1 } }],
  [{ model: 7 }],
])("refuses %j, of which it cannot tell the facts", (wrong) => {
  expect(() => describeGenerate(wrong, "g-1", false)).toThrow(invalid);
});

test("attack: the body cannot name another model than the path", () => {
  for (const model of ["g-1", "models/g-1"]) {
    expect(describeGenerate({ model }, "g-1", false).model).toBe("g-1");
    expect(describeEmbed({ model, content: user }, "g-1").model).toBe("g-1");
  }
  const other = { model: "models/g-2" };
  expect(() => describeGenerate(other, "g-1", false)).toThrow(ambiguous);
  expect(() => describeEmbed(other, "g-1")).toThrow(ambiguous);
  expect(() => describeBatchEmbed({ requests: [{ model: "g-1" }, other] }, "g-1")).toThrow(
    ambiguous,
  );
  expect(() => describeCount({ generateContentRequest: other }, "g-1")).toThrow(ambiguous);
  expect(() => describeCount({ generate_content_request: other }, "g-1")).toThrow(ambiguous);
  const tuned = { model: "tunedModels/a" };
  expect(() => describeGenerate(tuned, "a", false)).toThrow(ambiguous);
});

test("describes a request that is only counted as if it were sent", () => {
  const nested = describeCount({ generateContentRequest: { model: "models/g-1", ...body } }, "g-1");
  expect(nested).toMatchObject({ messageCount: 3, toolResultCount: 2, maxTokens: 100 });
  expect(nested.toolNames).toContain("open_gate");
  expect(describeCount({ contents: [user] }, "g-1")).toMatchObject({ messageCount: 1 });
});

test("counts what is to be embedded", () => {
  expect(describeEmbed({ content: user }, "g-1")).toMatchObject({ model: "g-1", messageCount: 1 });
  const requests = [{ content: user }, { content: user }];
  expect(describeBatchEmbed({ requests }, "g-1")).toMatchObject({ messageCount: 2 });
});

import { describe, expect, test } from "vitest";
import type { JsonObject, MemberEdit } from "../json-body.ts";
import { capOutputTokens, setBatchModel, setBodyModel, setCountedModel } from "./edits.ts";
import { stripGeminiTools } from "./tools.ts";

const parsed = (edits: readonly MemberEdit[]) =>
  Object.fromEntries(
    edits.map(({ member, json }) => [member, json === null ? null : JSON.parse(json)]),
  );

describe("capping the output", () => {
  test.each<[JsonObject, object]>([
    [{}, { generationConfig: { maxOutputTokens: 10 } }],
    [
      { generationConfig: { temperature: 0.5, maxOutputTokens: 11 } },
      { generationConfig: { temperature: 0.5, maxOutputTokens: 10 } },
    ],
    [
      { generation_config: { max_output_tokens: 11 } },
      { generation_config: { max_output_tokens: 10 } },
    ],
    [{ generationConfig: null }, { generationConfig: { maxOutputTokens: 10 } }],
    [{ generationConfig: { maxOutputTokens: 10 } }, {}],
    [{ generationConfig: { maxOutputTokens: 3 } }, {}],
  ])("of %j", (body, edits) => expect(parsed(capOutputTokens(body, 10))).toEqual(edits));
});

describe("setting another model", () => {
  test("changes the body only where it repeats the model", () => {
    expect(setBodyModel("g-2", { contents: [] })).toEqual([]);
    expect(parsed(setBodyModel("g-2", { model: "g-1" }))).toEqual({ model: "models/g-2" });
    expect(setBatchModel("g-2", { requests: [{ content: {} }] })).toEqual([]);
    const requests = [{ model: "models/g-1", content: { parts: [] } }, { title: "x" }];
    expect(parsed(setBatchModel("tunedModels/a", { requests }))).toEqual({
      requests: [{ model: "tunedModels/a", content: { parts: [] } }, { title: "x" }],
    });
    const request = { model: "models/g-1", contents: [] };
    expect(parsed(setCountedModel("g-2", { generate_content_request: request }))).toEqual({
      generate_content_request: { model: "models/g-2", contents: [] },
    });
    expect(setCountedModel("g-2", { contents: [] })).toEqual([]);
  });
});

describe("stripping tools", () => {
  const strip = (body: JsonObject, ...names: string[]) =>
    parsed(stripGeminiTools(body, new Set(names)));
  const functions = [{ name: "a" }, { name: "b", description: "kept" }];

  test("takes out functions, hosted tools and servers, in either spelling", () => {
    const tools = [
      { function_declarations: functions, googleSearch: {} },
      { code_execution: {} },
      { mcpServers: [{ name: "wiki" }, { name: "docs" }] },
    ];
    expect(strip({ tools }, "a", "codeExecution", "mcp:wiki")).toEqual({
      tools: [
        { function_declarations: [functions[1]], googleSearch: {} },
        { mcpServers: [{ name: "docs" }] },
      ],
    });
    expect(strip({ tools }, "unknown")).toEqual({});
  });

  test("leaves no choice of what is gone", () => {
    const toolConfig = (calling: JsonObject, more: JsonObject = {}) => ({
      functionCallingConfig: calling,
      ...more,
    });
    const tools = [{ functionDeclarations: functions }];
    const allowed = { mode: "ANY", allowedFunctionNames: ["a", "b"] };
    expect(strip({ tools, toolConfig: toolConfig(allowed) }, "a")).toEqual({
      tools: [{ functionDeclarations: [functions[1]] }],
      toolConfig: { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["b"] } },
    });
    expect(strip({ tools, tool_config: toolConfig(allowed) }, "a", "b")).toEqual({
      tools: null,
      tool_config: null,
    });
    const onlyA = { mode: "ANY", allowedFunctionNames: ["a"] };
    expect(strip({ tools, toolConfig: toolConfig(onlyA) }, "a")).toMatchObject({ toolConfig: {} });
    const withSearch = [...tools, { googleSearch: {} }];
    const kept = { retrievalConfig: { languageCode: "de" } };
    expect(strip({ tools: withSearch, toolConfig: toolConfig(allowed, kept) }, "a", "b")).toEqual({
      tools: [{ googleSearch: {} }],
      toolConfig: kept,
    });
    expect(strip({ tools, toolConfig: toolConfig({ mode: "AUTO" }) }, "a")).toEqual({
      tools: [{ functionDeclarations: [functions[1]] }],
    });
  });
});

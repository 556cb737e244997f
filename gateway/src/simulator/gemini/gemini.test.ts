import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { credentialDigest } from "../credential.ts";
import { eventsIn, SimulatorUnderTest } from "../simulator-under-test.ts";

let server: SimulatorUnderTest;
beforeEach(async () => {
  server = await SimulatorUnderTest.start();
});
afterEach(() => server[Symbol.asyncDispose]());

const contents = [{ role: "user", parts: [{ text: "how are you" }] }];
const ask = (model: string, verb: string, body: object = { contents }, version = "v1beta") =>
  server.post(`/${version}/models/${model}:${verb}`, body);
const streamed = async (model: string, body?: object) =>
  eventsIn(await (await ask(model, "streamGenerateContent?alt=sse", body)).text());
const whole = async (model: string, body?: object) =>
  JSON.parse(await (await ask(model, "generateContent", body)).text());
const parsed = async (response: Response) => JSON.parse(await response.text());
const parameters = { type: "OBJECT", properties: { where: { type: "STRING" } } };
const tools = [{ functionDeclarations: [{ name: "read_level", parameters }] }];

describe("a conversation", () => {
  it.each(["v1", "v1beta"])("is answered under /%s, and bills what it tells", async (version) => {
    const answer = await (await ask("gemini-x", "generateContent", undefined, version)).json();
    expect(answer).toMatchObject({
      candidates: [{ finishReason: "STOP", content: { role: "model" } }],
      usageMetadata: { promptTokenCount: 13, candidatesTokenCount: 10, totalTokenCount: 23 },
      modelVersion: "gemini-x",
    });
    const call = server.lastCall();
    expect(call).toMatchObject({ dialect: "gemini", model: "gemini-x", end: "complete" });
    expect(call.reported).toEqual(call.billed);
  });

  it("says the same in a body, in events and in an array", async () => {
    const body = await whole("sim-reasoning-utf8");
    const { text } = body.candidates[0].content.parts[0];
    const events = await streamed("sim-reasoning-utf8");
    const array = JSON.parse(
      await (await ask("sim-reasoning-utf8", "streamGenerateContent")).text(),
    );
    expect(array).toEqual(events);
    const joined = events
      .map((event) => event["candidates"])
      .flatMap((candidates) => {
        const [candidate] = JSON.parse(JSON.stringify(candidates));
        return candidate.content.parts.map((part: { text: string }) => part.text);
      });
    expect(joined.join("")).toBe(text);
    expect(events.at(-1)).toMatchObject({
      candidates: [{ finishReason: "STOP" }],
      usageMetadata: body.usageMetadata,
    });
    const [first, second, third] = server.simulator.ledger.calls();
    expect(first?.billed).toMatchObject({ outputReasoning: 24, outputVisible: 8 });
    expect([second?.billed, third?.billed]).toEqual([first?.billed, first?.billed]);
  });

  it("tells thoughts only to those who ask for them, and bills them to all", async () => {
    const generationConfig = { thinkingConfig: { includeThoughts: true } };
    const isThought = { thought: true, text: expect.stringContaining("does not think") };
    expect((await whole("sim-reasoning")).candidates[0].content.parts).toHaveLength(1);
    expect(
      (await whole("sim-reasoning", { contents, generationConfig })).candidates[0].content.parts,
    ).toMatchObject([isThought, {}]);
    expect(server.simulator.ledger.totals().tokens.outputReasoning).toBe(48);
  });

  it("tells the usage so far with every chunk, or at the end in a chunk of its own", async () => {
    const every = await streamed("sim-long-3");
    expect(every.map(({ usageMetadata }) => usageMetadata)).toMatchObject(
      [1, 2, 3, 3].map((candidatesTokenCount) => ({ candidatesTokenCount })),
    );
    const last = await streamed("sim-long-3-usagelast");
    expect(last.map((chunk) => Object.keys(chunk).includes("usageMetadata"))).toEqual([
      false,
      false,
      false,
      false,
      true,
    ]);
    expect(last.at(-1)).not.toHaveProperty("candidates");
    expect(server.lastCall().reported).toEqual(server.lastCall().billed);
    expect(JSON.stringify(await streamed("sim-usage-none"))).not.toContain("usageMetadata");
    expect(server.lastCall().reported).toBeNull();
  });

  it("calls functions, and none once their results are there", async () => {
    const call = { functionCall: { name: "read_level", args: { where: "simulator" } } };
    expect(
      (await whole("sim-tools", { contents, tools })).candidates[0].content.parts,
    ).toMatchObject([call]);
    expect(server.lastCall().toolCalls).toBe(1);
    const asked = [{ function_declarations: [{ name: "read_level", parametersJsonSchema: {} }] }];
    const results = [
      ...contents,
      { role: "user", parts: [{ functionResponse: { name: "read_level", response: { m: 2 } } }] },
    ];
    const answer = await whole("sim-tools", { contents: results, tools: asked });
    expect(answer.candidates[0].content.parts[0].text).toContain("7 characters");
    const toolConfig = { functionCallingConfig: { mode: "NONE" } };
    expect(JSON.stringify(await whole("sim-tools", { contents, tools, toolConfig }))).not.toContain(
      "functionCall",
    );
  });

  it("is grounded on searches when they are offered, whose prompts are billed", async () => {
    const answer = await whole("sim-search-2", { contents, tools: [{ google_search: {} }] });
    expect(answer.candidates[0].groundingMetadata.webSearchQueries).toHaveLength(2);
    expect(answer.usageMetadata).toMatchObject({ toolUsePromptTokenCount: 22 });
    expect(server.lastCall()).toMatchObject({
      serverToolCalls: { google_search: 2 },
      billed: { toolUsePrompt: 22 },
    });
    await whole("sim-search-2");
    expect(server.lastCall()).toMatchObject({ serverToolCalls: {}, billed: { toolUsePrompt: 0 } });
  });

  it("keeps cached tokens, sounds and pictures apart in its usage", async () => {
    const parts = ["image/png", "audio/wav"].map((mimeType) => ({ inlineData: { mimeType } }));
    const answer = await whole("sim-cached", { contents: { parts } });
    expect(answer.usageMetadata).toMatchObject({
      promptTokenCount: 1000 + 25 + 85 + 10,
      cachedContentTokenCount: 1000,
      promptTokensDetails: [
        { modality: "TEXT", tokenCount: 1095 },
        { modality: "AUDIO", tokenCount: 25 },
      ],
    });
    expect(server.lastCall().billed).toMatchObject({
      inputUncached: 95,
      cacheRead: 1000,
      audioIn: 25,
    });
  });

  it("stops at the limit on tokens", async () => {
    for (const generationConfig of [{ maxOutputTokens: 5 }, { max_output_tokens: 5 }]) {
      const answer = await whole("sim-long-50", { contents, generationConfig });
      expect(answer.candidates[0]).toMatchObject({ finishReason: "MAX_TOKENS" });
      expect(answer.usageMetadata.candidatesTokenCount).toBe(5);
    }
    const generationConfig = { maxOutputTokens: 9 };
    const [only] = await streamed("sim-reasoning", { contents, generationConfig });
    expect(only).toMatchObject({ usageMetadata: { thoughtsTokenCount: 9 } });
    expect(server.lastCall().billed).toMatchObject({ outputVisible: 0, outputReasoning: 9 });
  });

  it.each([
    [
      { type: "ARRAY", items: { type: "OBJECT", properties: { n: { type: "INTEGER" } } } },
      [{ n: 1 }],
    ],
    [{ type: "STRING", enum: ["open", "shut"] }, "open"],
    [{ type: "OBJECT", properties: { type: { type: "STRING", enum: ["A"] } } }, { type: "A" }],
  ])("fits the schema that it is given: %j", async (responseSchema, fitting) => {
    const generationConfig = { responseMimeType: "application/json", responseSchema };
    const answer = await whole("m", { contents, generationConfig });
    expect(JSON.parse(answer.candidates[0].content.parts[0].text)).toEqual(fitting);
  });
});

describe("what goes wrong", () => {
  it("is told in Google's words", async () => {
    const refused = async (asked: Promise<Response>) => {
      const response = await asked;
      return [response.status, (await parsed(response)).error.status];
    };
    expect(await refused(ask("sim-error-429", "generateContent"))).toEqual([
      429,
      "RESOURCE_EXHAUSTED",
    ]);
    expect(await refused(ask("m", "generateContent", {}))).toEqual([400, "INVALID_ARGUMENT"]);
    expect(await refused(ask("m", "predict"))).toEqual([404, "NOT_FOUND"]);
    expect(await refused(server.post("/v1/models/m:predict", {}))).toEqual([404, "NOT_FOUND"]);
    expect(await refused(ask("m", "batchEmbedContents", {}))).toEqual([400, "INVALID_ARGUMENT"]);
  });

  it.each(["", "?alt=sse"])("an error in a stream%s leaves it well-formed", async (form) => {
    for (const after of [0, 2]) {
      const text = await (await ask(`sim-fail-${after}`, `streamGenerateContent${form}`)).text();
      const chunks = form === "" ? JSON.parse(text) : eventsIn(text);
      expect(chunks).toHaveLength(after + 1);
      expect(chunks.at(-1)).toMatchObject({ error: { code: 503, status: "UNAVAILABLE" } });
      expect(server.lastCall()).toMatchObject({
        end: "error_event",
        billed: { outputVisible: after },
      });
    }
  });

  it("a stream dies, and what had been sent is billed", async () => {
    const response = await ask("sim-die-4", "streamGenerateContent");
    await expect(response.text()).rejects.toThrow("terminated");
    expect(server.lastCall()).toMatchObject({ end: "died", billed: { outputVisible: 4 } });
  });
});

describe("what is not generated", () => {
  it("is counted for nothing, as much as it would cost", async () => {
    const { usageMetadata } = await whole("m");
    const expected = { totalTokens: usageMetadata.promptTokenCount };
    expect(await (await ask("m", "countTokens")).json()).toMatchObject(expected);
    const generateContentRequest = { model: "models/m", contents };
    expect(await (await ask("m", "countTokens", { generateContentRequest })).json()).toMatchObject(
      expected,
    );
    expect(server.lastCall()).toMatchObject({ billed: { inputUncached: 0 }, reported: null });
  });

  it("is embedded alone or with others, the same way", async () => {
    const content = { parts: [{ text: "two words" }] };
    const { embedding } = await parsed(await ask("e", "embedContent", { content }));
    expect(embedding.values).toHaveLength(64);
    const requests = [
      { model: "models/e", content },
      { content, outputDimensionality: 2 },
    ];
    const batch = await parsed(await ask("e", "batchEmbedContents", { requests }));
    expect(batch.embeddings).toEqual([embedding, { values: embedding.values.slice(0, 2) }]);
    expect(server.lastCall().billed).toMatchObject({ inputUncached: 7 + 4 + 6, outputVisible: 0 });
    const other = { requests: [{ model: "models/other", content }] };
    expect((await ask("e", "batchEmbedContents", other)).status).toBe(400);
  });

  it("is listed, under /v1 for Google's clients alone", async () => {
    const google = { headers: { "x-goog-api-key": "k" } };
    const list = async (path: string, init: RequestInit = {}) =>
      (await fetch(server.simulator.url + path, init)).json();
    expect(await list("/v1beta/models")).toHaveProperty("models");
    expect(await list("/v1/models", google)).toHaveProperty("models");
    expect(await list("/v1/models?key=k")).toHaveProperty("models");
    expect(await list("/v1/models")).toHaveProperty("data");
    expect(await list("/v1beta/models/sim-echo")).toMatchObject({ name: "models/sim-echo" });
    expect(await list("/v1beta/models/none")).toMatchObject({ error: { code: 404 } });
  });
});

it("sees the credential in a header or in the query", async () => {
  await ask("m", "generateContent?key=k1");
  const sha256Prefix = credentialDigest("k1");
  expect(server.lastCall().credential).toEqual({ kind: "query", sha256Prefix });
  await server.post("/v1beta/models/m:generateContent", { contents }, { "x-goog-api-key": "k1" });
  expect(server.lastCall().credential).toEqual({ kind: "x-goog-api-key", sha256Prefix });
});

it("serves tuned models, and names with a slash", async () => {
  await server.post("/v1beta/tunedModels/mine:generateContent", { contents });
  expect(server.lastCall().model).toBe("tunedModels/mine");
  await ask("team%2Fsim-long-2", "generateContent");
  expect(server.lastCall()).toMatchObject({
    model: "team/sim-long-2",
    billed: { outputVisible: 2 },
  });
});

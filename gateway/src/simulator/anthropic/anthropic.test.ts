import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventsIn, SimulatorUnderTest } from "../simulator-under-test.ts";

let server: SimulatorUnderTest;
beforeEach(async () => {
  server = await SimulatorUnderTest.start();
});
afterEach(() => server[Symbol.asyncDispose]());

const messages = [{ role: "user", content: "how are you" }];
const ask = (model: string, more: object = {}) => ({ model, max_tokens: 1000, messages, ...more });
const parsed = async (response: Response) => JSON.parse(await response.text());
const whole = async (model: string, more: object = {}) =>
  parsed(await server.post("/v1/messages", ask(model, more)));
const streamed = async (model: string, more: object = {}) => {
  const response = await server.post("/v1/messages", ask(model, { ...more, stream: true }));
  return eventsIn(await response.text()).map((event) => JSON.parse(JSON.stringify(event)));
};
const usages = (events: readonly { type: string; usage?: object }[]) =>
  events.filter(({ type }) => type === "message_delta").map(({ usage }) => usage);

describe("usage", () => {
  it("comes in several message deltas, cumulative, of which the first tells the input", async () => {
    const events = await streamed("sim-deltas-3-cached-long-9");
    expect(events[0].message.usage).toMatchObject({ input_tokens: 0, output_tokens: 0 });
    const usage = (output_tokens: number) => ({
      input_tokens: 13,
      cache_read_input_tokens: 1000,
      output_tokens,
    });
    expect(usages(events)).toMatchObject([usage(3), usage(6), usage(9)]);
    expect(server.lastCall().reported).toEqual(server.lastCall().billed);
  });

  it("leaves a compaction out at the top, tells it as an iteration and bills it", async () => {
    for (const usage of [
      (await whole("sim-iterations-cached")).usage,
      usages(await streamed("sim-iterations-cached")).at(-1),
    ]) {
      expect(usage).toMatchObject({
        input_tokens: 13,
        output_tokens: 10,
        iterations: [
          { type: "compaction", input_tokens: 300, output_tokens: 30 },
          { type: "message", input_tokens: 13, output_tokens: 10, cache_read_input_tokens: 1000 },
        ],
      });
      const { billed, reported } = server.lastCall();
      expect(billed).toMatchObject({ inputUncached: 313, outputVisible: 40, cacheWrite1h: 40 });
      expect(reported).toEqual(billed);
    }
  });

  it("counts searches that ran here, if they were offered", async () => {
    const tools = [{ type: "web_search_20250305", name: "web_search" }];
    const answer = await whole("sim-search-2", { tools });
    expect(answer.usage.server_tool_use).toEqual({ web_search_requests: 2 });
    expect(answer.content.map(({ type }: { type: string }) => type)).toEqual([
      "server_tool_use",
      "web_search_tool_result",
      "server_tool_use",
      "web_search_tool_result",
      "text",
    ]);
    expect(server.lastCall().serverToolCalls).toEqual({ web_search_requests: 2 });
    expect(usages(await streamed("sim-search-2", { tools })).at(-1)).toMatchObject({
      server_tool_use: { web_search_requests: 2 },
    });
    expect((await whole("sim-search-2")).usage).not.toHaveProperty("server_tool_use");
  });
});

describe("content", () => {
  it("has signed thoughts, or thoughts in a form that only the provider reads", async () => {
    const types = (events: readonly { delta?: { type?: string } }[]) =>
      events.map(({ delta }) => delta?.type);
    expect(types(await streamed("sim-reasoning"))).toContain("signature_delta");
    const redacted = await streamed("sim-redacted");
    expect(types(redacted)).not.toContain("thinking_delta");
    expect(redacted[2].content_block).toMatchObject({
      type: "redacted_thinking",
      data: expect.any(String),
    });
    const [signed, hidden] = server.simulator.ledger.calls();
    expect(hidden?.billed).toEqual(signed?.billed);
    expect((await whole("sim-redacted")).content[0].type).toBe("redacted_thinking");
  });

  it("fits the schema that it is given", async () => {
    const schema = { type: "object", properties: { level: { type: "integer", minimum: 4 } } };
    for (const more of [
      { output_config: { format: { type: "json_schema", schema } } },
      { output_format: { type: "json_schema", schema } },
    ]) {
      expect(JSON.parse((await whole("m", more)).content[0].text)).toEqual({ level: 4 });
    }
  });

  it("bills pictures", async () => {
    const image = { type: "image", source: { type: "base64", media_type: "image/png", data: "" } };
    await whole("m", { messages: [{ role: "user", content: [image] }] });
    expect(server.lastCall().billed).toMatchObject({ inputUncached: 7 + 3 + 85 });
  });
});

it("counts tokens for nothing, in the ledger, and refuses what is no request", async () => {
  const path = "/v1/messages/count_tokens";
  expect(await parsed(await server.post(path, ask("m")))).toEqual({ input_tokens: 13 });
  expect(server.lastCall()).toMatchObject({ model: "m", billed: { inputUncached: 0 } });
  expect((await server.post(path, {})).status).toBe(400);
  expect((await server.post(path, ask("sim-error-429"))).status).toBe(429);
});

describe("a message batch", () => {
  const path = "/v1/messages/batches";
  const made = async (...models: string[]) =>
    parsed(
      await server.post(path, {
        requests: models.map((model, at) => ({ custom_id: `r${at}`, params: ask(model) })),
      }),
    );

  it("is billed once for all its requests, and gives their results when it has ended", async () => {
    const batch = await made("sim-cached", "m", "sim-error-529", "sim-long-0");
    expect(batch).toMatchObject({
      type: "message_batch",
      processing_status: "in_progress",
      request_counts: { processing: 4, succeeded: 0 },
      results_url: null,
    });
    expect(server.lastCall()).toMatchObject({
      model: "sim-cached",
      billed: { inputUncached: 39, cacheRead: 1000, outputVisible: 30 },
      reported: null,
    });
    expect((await server.send("GET", `${path}/${batch.id}/results`)).status).toBe(404);
    const ended = await parsed(await server.send("GET", `${path}/${batch.id}`));
    expect(ended).toMatchObject({
      processing_status: "ended",
      request_counts: { processing: 0, succeeded: 3, errored: 1 },
    });
    const text = await (await fetch(ended.results_url)).text();
    const results = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(results).toMatchObject([
      { custom_id: "r0", result: { type: "succeeded", message: { model: "sim-cached" } } },
      { custom_id: "r1", result: { type: "succeeded" } },
      {
        custom_id: "r2",
        result: { type: "errored", error: { type: "error", error: { type: "overloaded_error" } } },
      },
      { custom_id: "r3", result: { type: "succeeded" } },
    ]);
    expect(server.simulator.ledger.totals().tokens.outputVisible).toBe(30);
  });

  it("can be cancelled, listed page by page, and deleted once it has ended", async () => {
    const [first, second, third] = [await made("m"), await made("m"), await made("m")];
    expect(await parsed(await server.post(`${path}/${first.id}/cancel`, {}))).toMatchObject({
      processing_status: "canceling",
      cancel_initiated_at: expect.any(String),
    });
    expect((await server.send("DELETE", `${path}/${second.id}`)).status).toBe(400);
    await server.send("GET", `${path}/${second.id}`);
    const page = async (query: string) =>
      parsed(await server.send("GET", `${path}?${query}`)).then(({ data, has_more }) => [
        data.map(({ id }: { id: string }) => id),
        has_more,
      ]);
    expect(await page("limit=2")).toEqual([[third.id, second.id], true]);
    expect(await page(`after_id=${second.id}`)).toEqual([[first.id], false]);
    expect(await page(`before_id=${first.id}&limit=1`)).toEqual([[second.id], true]);
    expect(await parsed(await server.send("DELETE", `${path}/${second.id}`))).toEqual({
      id: second.id,
      type: "message_batch_deleted",
    });
    expect((await server.send("GET", `${path}/${second.id}`)).status).toBe(404);
  });

  it.each([
    [{}],
    [{ requests: [] }],
    [{ requests: [{ params: {} }] }],
    [{ requests: [{ custom_id: "a" }, { custom_id: "a" }] }],
  ])("is refused for %j", async (body) => {
    expect((await server.post(path, body)).status).toBe(400);
  });

  it("answers a request that is none with an error of its own", async () => {
    const { id } = await parsed(await server.post(path, { requests: [{ custom_id: "a" }] }));
    expect(await parsed(await server.send("GET", `${path}/${id}`))).toMatchObject({
      request_counts: { errored: 1 },
    });
  });
});

it("sends an overloaded error inside a stream that began well", async () => {
  const events = await streamed("sim-fail-2");
  expect(events.at(-1)).toMatchObject({ type: "error", error: { type: "overloaded_error" } });
  expect(events[1]).toEqual({ type: "ping" });
});

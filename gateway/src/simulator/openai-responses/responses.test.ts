import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { eventsIn, SimulatorUnderTest } from "../simulator-under-test.ts";

let server: SimulatorUnderTest;
beforeAll(async () => {
  server = await SimulatorUnderTest.start();
});
afterEach(() => server.simulator.ledger.reset());
afterAll(() => server[Symbol.asyncDispose]());

const path = "/v1/responses";
const echo = { type: "function", name: "echo", parameters: { type: "object" } };

interface Item {
  readonly type: string;
  readonly status: string;
  readonly name?: string;
  readonly encrypted_content?: string;
  readonly content: readonly { readonly text: string }[];
}

interface Body {
  readonly id: string;
  readonly status: string;
  readonly previous_response_id: string;
  readonly output: readonly Item[];
  readonly usage?: { readonly input_tokens: number; readonly output_tokens: number };
}

async function bodyOf(response: Response): Promise<Body> {
  return JSON.parse(await response.text());
}

async function ask(model: string, more: object = {}): Promise<Body> {
  return bodyOf(await server.post(path, { model, input: "how are you", ...more }));
}

/** The items without the ids in them, which depend on how the response was asked for. */
function contents({ output }: Body): unknown {
  return output.map(({ type, status, name, content }) => ({ type, status, name, content }));
}

async function typesOf(model: string, more: object = {}): Promise<readonly unknown[]> {
  const response = await server.post(path, { model, input: "x", stream: true, ...more });
  return eventsIn(await response.text()).map((event) => event["type"]);
}

describe("a stream of events", () => {
  it("comes in the documented order, numbered from 0 without a gap, and has no [DONE]", async () => {
    const body = { model: "m", input: "x", stream: true, max_output_tokens: 1000 };
    const text = await (await server.post(path, body)).text();
    const events = eventsIn(text);
    const once = events
      .map((event) => event["type"])
      .filter((type, index, types) => type !== types[index - 1]);
    expect(once).toEqual([
      "response.created",
      "response.in_progress",
      "response.output_item.added",
      "response.content_part.added",
      "response.output_text.delta",
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.completed",
    ]);
    expect(events.map((event) => event["sequence_number"])).toEqual([...events.keys()]);
    expect(text).not.toContain("[DONE]");
    for (const frame of text.trimEnd().split("\n\n")) expect(frame).toMatch(/^event: .+\ndata: \{/);
  });

  it("ends with the very response that comes without a stream", async () => {
    const more = { tools: [echo], include: ["reasoning.encrypted_content"] };
    for (const model of ["m", "sim-tools-reasoning-cached", "sim-utf8"]) {
      const whole = await ask(model, more);
      const response = await server.post(path, {
        model,
        input: "how are you",
        ...more,
        stream: true,
      });
      const last: { response: Body } = JSON.parse(
        JSON.stringify(eventsIn(await response.text()).at(-1)),
      );
      expect(last.response).toEqual({
        ...whole,
        id: expect.any(String),
        output: expect.any(Array),
      });
      expect(contents(last.response)).toEqual(contents(whole));
    }
  });

  it("shows reasoning as a summary only to those who ask for one, and bills it to all", async () => {
    const hidden = await typesOf("sim-reasoning");
    expect(hidden.join()).not.toContain("reasoning_summary");
    const { billed } = server.lastCall();
    const shown = await typesOf("sim-reasoning", { reasoning: { summary: "auto" } });
    expect(shown).toContain("response.reasoning_summary_text.delta");
    expect(server.lastCall().billed).toEqual(billed);
    expect(billed?.outputReasoning).toBe(24);
  });

  it("carries the search at the provider, and counts it apart from tokens", async () => {
    const types = await typesOf("sim-search-2", { tools: [{ type: "web_search" }] });
    expect(types.filter((type) => type === "response.web_search_call.completed")).toHaveLength(2);
    expect(server.lastCall()).toMatchObject({ serverToolCalls: { web_search: 2 }, toolCalls: 0 });
    await typesOf("sim-search-2");
    expect(server.lastCall().serverToolCalls).toEqual({});
  });

  it("fails with an error event, or with a failed response", async () => {
    expect((await typesOf("sim-fail-2")).at(-1)).toBe("error");
    expect((await typesOf("sim-failed-2")).at(-1)).toBe("response.failed");
    expect(server.lastCall()).toMatchObject({
      end: "error_event",
      reported: null,
      billed: { outputVisible: 2 },
    });
  });

  it("tells no usage when asked not to, but bills", async () => {
    const body = { model: "sim-usage-none", input: "x", stream: true };
    expect(await (await server.post(path, body)).text()).not.toContain('"usage"');
    expect(server.lastCall()).toMatchObject({ reported: null, billed: { outputVisible: 10 } });
  });
});

describe("a response", () => {
  it("has usage in which input includes what was cached and output what was reasoned", async () => {
    const { usage } = await ask("sim-cached-reasoning");
    expect(usage).toEqual({
      input_tokens: 1213,
      input_tokens_details: { cached_tokens: 1000, cache_write_tokens: 200 },
      output_tokens: 34,
      output_tokens_details: { reasoning_tokens: 24 },
      total_tokens: 1247,
    });
    expect(server.lastCall()).toMatchObject({
      billed: { inputUncached: 13, cacheRead: 1000, cacheWrite5m: 200, outputVisible: 10 },
    });
    expect(server.lastCall().reported).toEqual(server.lastCall().billed);
  });

  it("is incomplete when it may not be as long as it would be", async () => {
    const response = await ask("m", { max_output_tokens: 3 });
    expect(response).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
      output: [{ status: "incomplete", content: [{ text: "This is Weir's" }] }],
    });
    expect((await typesOf("m", { max_output_tokens: 3 })).at(-1)).toBe("response.incomplete");
  });

  it("reads input items of all kinds, and instructions", async () => {
    const input = [
      { role: "developer", content: "be brief" },
      {
        type: "message",
        role: "user",
        content: [
          { type: "input_text", text: "what is this" },
          { type: "input_image", image_url: "data:image/png;base64,AA==" },
        ],
      },
    ];
    await ask("m", { input, instructions: "one two" });
    expect(server.lastCall().billed?.inputUncached).toBe(7 + 7 + 3 * 2 + 85);
  });

  it("calls functions, tools of free text and tools inside namespaces, wherever they are declared", async () => {
    const tools = [
      { type: "custom", name: "exec" },
      { type: "namespace", name: "mcp__gw", tools: [{ ...echo, name: "get" }] },
    ];
    const called = (await ask("sim-tools-3", { tools: [echo, ...tools] })).output;
    expect(called).toMatchObject([
      { type: "function_call", name: "echo", arguments: expect.any(String) },
      { type: "custom_tool_call", name: "exec", input: "echo simulator" },
      { type: "function_call", name: "get", namespace: "mcp__gw" },
    ]);
    const inside = { type: "additional_tools", role: "developer", tools };
    const input = [inside, { role: "user", content: "x" }];
    expect((await ask("sim-tools", { input })).output).toMatchObject([{ name: "exec" }]);
  });

  it("calls the tool that the caller insists on, none if told so, and none after a result", async () => {
    const other = { ...echo, name: "other" };
    const choose = async (choice: unknown): Promise<unknown> =>
      (await ask("sim-tools", { tools: [echo, other], tool_choice: choice })).output[0]?.name;
    expect(await choose({ type: "function", name: "other" })).toBe("other");
    expect(await choose("none")).toBeUndefined();
    const result = { type: "function_call_output", call_id: "c", output: "sunny" };
    const after = await ask("sim-tools", { tools: [echo], input: [result] });
    expect(after.output[0]?.content[0]?.text).toContain("The tool answered with 5 characters");
  });

  it("has reasoning that a client can send back only when it asked for it", async () => {
    const sealed = async (more: object): Promise<unknown> =>
      (await ask("sim-reasoning", more)).output[0]?.encrypted_content;
    expect(await sealed({})).toBeUndefined();
    expect(await sealed({ include: ["reasoning.encrypted_content"] })).toMatch(/^[\w+/=]{20,}$/);
  });

  it("is refused without a model or with input of the wrong type", async () => {
    for (const body of [{ input: "x" }, { model: "m", input: 7 }]) {
      expect((await server.post(path, body)).status).toBe(400);
    }
  });
});

describe("a stored response", () => {
  it("can be gone on from, and is then billed again as input", async () => {
    const { id, usage } = await ask("m");
    const next = await ask("m", { input: "and now", previous_response_id: id });
    expect(next.usage?.input_tokens).toBe((usage?.input_tokens ?? 0) + 2 + 3);
    expect(next.previous_response_id).toBe(id);
  });

  it.each([
    ["never made", async () => "resp_unknown"],
    ["not stored", async () => (await ask("m", { store: false })).id],
  ])("is not found when it was %s", async (_why, idOf) => {
    const response = await server.post(path, {
      model: "m",
      input: "x",
      previous_response_id: await idOf(),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { code: "previous_response_not_found", param: "previous_response_id" },
    });
  });

  it("can be fetched and deleted, at no cost", async () => {
    const made = await ask("m", { instructions: "x" });
    const fetched = await server.send("GET", `${path}/${made.id}`);
    expect(await fetched.json()).toEqual(made);
    expect(server.lastCall()).toMatchObject({ billed: { inputUncached: 0, outputVisible: 0 } });
    expect(server.lastCall().reported?.outputVisible).toBe(10);
    expect((await server.send("DELETE", `${path}/${made.id}`)).status).toBe(200);
    expect((await server.send("GET", `${path}/${made.id}`)).status).toBe(404);
  });

  it("tells the usage of background work only once that is complete, and bills it once", async () => {
    const made = await ask("m", { background: true });
    expect(made).toMatchObject({ status: "queued", output: [], usage: null });
    expect(server.lastCall()).toMatchObject({ reported: null, billed: { outputVisible: 10 } });
    const states = [];
    for (let i = 0; i < 3; i += 1) {
      const response = await bodyOf(await server.send("GET", `${path}/${made.id}`));
      states.push([response.status, response.usage?.output_tokens]);
    }
    expect(states).toEqual([
      ["in_progress", undefined],
      ["completed", 10],
      ["completed", 10],
    ]);
    expect(server.simulator.ledger.totals().tokens.outputVisible).toBe(10);
  });

  it("can be cancelled while it is at work, and not after", async () => {
    const { id } = await ask("m", { background: true });
    const cancelled = await server.send("POST", `${path}/${id}/cancel`);
    expect(await cancelled.json()).toMatchObject({ status: "cancelled" });
    expect((await server.send("POST", `${path}/${id}/cancel`)).status).toBe(400);
  });
});

it("counts input tokens as it bills them, for nothing", async () => {
  const body = { model: "m", input: "how are you", instructions: "be brief", tools: [echo] };
  const counted: unknown = await (await server.post(`${path}/input_tokens`, body)).json();
  expect(server.lastCall().billed?.inputUncached).toBe(0);
  await ask("m", body);
  const tokens = server.lastCall().billed?.inputUncached;
  expect(counted).toEqual({ object: "response.input_tokens", input_tokens: tokens });
});

import { describe, expect, test } from "vitest";
import type { PolicyInput } from "../contracts/policy-input.ts";
import { json, start } from "./testing/serve.ts";
import { allow, testKey } from "./testing/start-test-proxy.ts";

const openAiList = { object: "list", data: [{ id: "m-1" }, { id: "m-2" }, { id: "org/m.3:7b" }] };
const anthropicList = { data: [{ id: "claude-a" }, { id: "claude-b" }], has_more: false };
const geminiList = { models: [{ name: "models/gemini-a" }, { name: "models/gemini-b" }] };

const asks = {
  openai: { path: "/v1/models", headers: { authorization: `Bearer ${testKey}` } },
  anthropic: {
    path: "/v1/models",
    headers: { "x-api-key": testKey, "anthropic-version": "2023-06-01" },
  },
  gemini: { path: "/v1beta/models", headers: { "x-goog-api-key": testKey } },
};
type Wire = keyof typeof asks;
const wires: Wire[] = ["openai", "anthropic", "gemini"];

const alias = (name: string, model: string) => ({
  name,
  strategy: "ordered" as const,
  targets: [{ provider: "test", model, weight: 1 }],
});

async function startLists(options: Parameters<typeof start>[1] = {}) {
  const { proxy, upstream } = await start((request, response) => {
    const list = request.path.startsWith("/v1beta")
      ? geminiList
      : request.headers["anthropic-version"] === undefined
        ? openAiList
        : anthropicList;
    response.writeHead(200, json).end(JSON.stringify(list));
  }, options);
  const ask = (wire: Wire, below = "") =>
    fetch(`${proxy.url}${asks[wire].path}${below}`, { headers: asks[wire].headers });
  return { proxy, upstream, ask };
}

describe("the list", () => {
  test("in OpenAI's shape, aliases first", async () => {
    const { ask } = await startLists({ aliases: [alias("fast", "m-1")] });
    const list = await (await ask("openai")).json();
    expect(list).toMatchObject({ object: "list" });
    expect(list).toMatchObject({
      data: ["fast", "m-1", "m-2", "org/m.3:7b"].map((id) => ({ id, object: "model" })),
    });
  });

  test("in Anthropic's shape, by the client's version header", async () => {
    const { ask, upstream } = await startLists({ aliases: [alias("fast", "claude-a")] });
    expect(await (await ask("anthropic", "?limit=1000")).json()).toMatchObject({
      data: ["fast", "claude-a", "claude-b"].map((id) => ({ type: "model", id, display_name: id })),
      has_more: false,
      first_id: "fast",
      last_id: "claude-b",
    });
    expect(upstream.requests[0]?.headers["anthropic-version"]).toBe("2023-06-01");
  });

  test("in Google's shape, with its resource names", async () => {
    const { ask } = await startLists({ aliases: [alias("fast", "gemini-a")] });
    const list: { models: { name: string }[] } = JSON.parse(await (await ask("gemini")).text());
    expect(list.models.map(({ name }) => name)).toEqual([
      "models/fast",
      "models/gemini-a",
      "models/gemini-b",
    ]);
  });

  test("of a dialect names an alias only where some target can be reached in it", async () => {
    const provider = (name: string, dialect: "openai" | "gemini") => ({
      name,
      dialect,
      baseUrl: "http://127.0.0.1:1",
      models: ["*"],
      prices: {},
    });
    const providers = [provider("o", "openai"), provider("g", "gemini")];
    const target = (name: string, to: string) => ({
      ...alias(name, "m"),
      targets: [{ provider: to, model: "m", weight: 1 }],
    });
    const aliases = [target("own", "o"), target("translated", "g")];
    const { ask } = await startLists({ aliases, providers });
    const listed = async (wire: Wire) => (await ask(wire)).text();
    expect(await listed("openai")).toContain('"translated"');
    expect(await listed("anthropic")).toContain('"own"');
    expect(await listed("gemini")).not.toContain("own");
    expect(await listed("gemini")).toContain("models/translated");
  });

  test("is a row of its own, that bills nothing and is nobody's work", async () => {
    const { proxy, ask } = await startLists();
    const response = await ask("openai");
    expect(response.headers.get("x-weir-call-id")).toBe("id-1");
    await response.text();
    expect((await proxy.recorded(1))[0]).toMatchObject({
      operation: "models",
      auxiliary: true,
      outcome: "completed",
      cost: { status: "not_billed" },
    });
  });
});

describe("policy", () => {
  const policy = ({ call }: PolicyInput) => ({
    ...allow,
    effect: ["m-1", "claude-a", "gemini-a"].includes(call?.model ?? "")
      ? allow.effect
      : ("deny" as const),
  });
  const aliases = [alias("allowed", "m-1"), alias("forbidden", "m-2")];

  test("leaves out what a call would be refused, an alias by what it stands for", async () => {
    const { ask } = await startLists({ policy, aliases });
    const list: { data: { id: string }[] } = JSON.parse(await (await ask("openai")).text());
    expect(list.data.map(({ id }) => id)).toEqual(["allowed", "m-1"]);
  });

  test.each([
    ["openai", "/m-1", "/m-2"],
    ["openai", "/allowed", "/forbidden"],
    ["openai", "/m-1", "/unknown"],
    ["anthropic", "/claude-a", "/claude-b"],
    ["gemini", "/gemini-a", "/gemini-b"],
  ] as const)("%s: %s is found, and %s is not", async (wire, found, hidden) => {
    const { ask } = await startLists({ policy, aliases });
    const model = await ask(wire, found);
    expect(model.status).toBe(200);
    expect(await model.text()).toContain(found.slice(1));
    const none = await ask(wire, hidden);
    expect(none.status).toBe(404);
    expect(await none.text()).toContain("that you may use");
  });
});

test("a model with a slash is found, in plain or encoded", async () => {
  const { ask } = await startLists();
  for (const id of ["org/m.3:7b", "org%2Fm.3:7b"]) {
    expect(await (await ask("openai", `/${id}`)).json()).toMatchObject({ id: "org/m.3:7b" });
  }
});

test("a provider that does not answer hides no alias; with nothing left it is a 502", async () => {
  const { upstream, ask } = await startLists({ aliases: [alias("fast", "m-1")] });
  await upstream.close();
  expect(await (await ask("openai")).json()).toMatchObject({ data: [{ id: "fast" }] });
  const bare = await startLists();
  await bare.upstream.close();
  expect((await bare.ask("openai")).status).toBe(502);
});

test.each(wires)("%s: without a key the list is 401 in that dialect", async (wire) => {
  const { proxy, upstream } = await startLists();
  const { "anthropic-version": version } = {
    "anthropic-version": undefined,
    ...asks[wire].headers,
  };
  const response = await fetch(`${proxy.url}${asks[wire].path}`, {
    headers: version === undefined ? {} : { "anthropic-version": version },
  });
  expect(response.status).toBe(401);
  const shape = {
    openai: { error: { code: "weir_key_missing" } },
    anthropic: { type: "error", error: { type: "authentication_error" } },
    gemini: { error: { code: 401, status: "UNAUTHENTICATED" } },
  };
  expect(await response.json()).toMatchObject(shape[wire]);
  expect(upstream.requests).toEqual([]);
});

/** What a key is narrowed to: scopes and models of its own. */
import { expect, test } from "vitest";
import { Value } from "typebox/value";
import { DecisionEvent } from "../contracts/call-event.ts";
import { chat, chatAnswer, json, messages, post, start } from "./testing/serve.ts";
import { allow, testKey } from "./testing/start-test-proxy.ts";
import type { TestProxyOptions } from "./testing/test-proxy-options.ts";

const modelList = '{"object":"list","data":[{"id":"m-1"},{"id":"m-2"},{"id":"x-1"}]}';

function startWith(options: Omit<TestProxyOptions, "upstreamUrl">) {
  return start((request, response) => {
    const isList = request.path.endsWith("/models");
    response.writeHead(200, json).end(isList ? modelList : chatAnswer);
  }, options);
}

const authorization = `Bearer ${testKey}`;

test.each([
  ["llm:call", "POST", "/v1/chat/completions", 403],
  ["llm:call", "POST", "/v1/messages", 402],
  ["llm:call", "POST", "/v1/responses", 400],
  ["llm:call", "POST", "/v1beta/models/m-1:generateContent", 403],
  ["models:list", "GET", "/v1/models", 403],
  ["files:use", "GET", "/v1/files", 403],
  ["files:use", "POST", "/v1/batches", 403],
  ["passthrough:call", "POST", "/providers/test/anything", 403],
] as const)(
  "without %s, %s %s is refused with the status for a denial, before anything is read or asked",
  async (scope, method, path, status) => {
    const all = ["llm:call", "models:list", "files:use", "passthrough:call"] as const;
    const scopes = all.filter((each) => each !== scope);
    const { proxy, upstream } = await startWith({ key: { scopes } });
    const body =
      method === "POST" ? JSON.stringify({ ...messages, input: "x", contents: [] }) : null;
    const headers = { authorization, "content-type": "application/json" };
    const response = await fetch(`${proxy.url}${path}`, { method, headers, body });
    expect(response.status).toBe(status);
    const told = await response.text();
    expect(told).toMatch(/WEIR_SCOPE_MISSING|weir_scope_missing/);
    expect(told).toContain(scope);
    expect(upstream.requests).toEqual([]);
    const [row] = await proxy.recorded(1);
    expect(row).toMatchObject({
      principal: { id: "person-1" },
      outcome: "denied",
      errorCode: "WEIR_SCOPE_MISSING",
    });
  },
);

test("with the scope and no other, the call is served", async () => {
  const { proxy } = await startWith({ key: { scopes: ["llm:call"] } });
  expect((await post(proxy, "/v1/chat/completions", chat)).status).toBe(200);
});

test("a model that is not on the key's list is denied whatever policy says, on record with its rule", async () => {
  const { proxy, upstream } = await startWith({ key: { models: ["x-*"] }, policy: allow });
  const response = await post(proxy, "/v1/chat/completions", chat);
  expect(response.status).toBe(403);
  expect(await response.text()).toContain("This key may not use model m-1. It is made for: x-*.");
  expect(upstream.requests).toEqual([]);
  const [decision] = proxy.decisions;
  expect(Value.Check(DecisionEvent, decision)).toBe(true);
  expect(decision).toMatchObject({
    effect: "deny",
    decision: { rules: [{ id: "key.model_not_allowed" }], obligations: [] },
  });
});

test("a key's list never widens what policy denies", async () => {
  const denied = { ...allow, effect: "deny", userMessage: "Not for your team." } as const;
  const { proxy } = await startWith({ key: { models: ["*"] }, policy: denied });
  const response = await post(proxy, "/v1/chat/completions", chat);
  expect(await response.text()).toContain("Not for your team.");
});

test("attack: an alias is no way round a key's list, and is allowed by what it stands for", async () => {
  const aliases = [
    {
      name: "x-fast",
      strategy: "ordered" as const,
      targets: [{ provider: "test", model: "m-1", weight: 1 }],
    },
  ];
  const narrow = await startWith({ key: { models: ["x-*"] }, aliases });
  const ask = { ...chat, model: "x-fast" };
  expect((await post(narrow.proxy, "/v1/chat/completions", ask)).status).toBe(403);
  const fitting = await startWith({ key: { models: ["m-1"] }, aliases });
  expect((await post(fitting.proxy, "/v1/chat/completions", ask)).status).toBe(200);
});

test("attack: a model that policy puts in place of another has to be on the key's list as well", async () => {
  const moved = { ...allow, obligations: [{ type: "set_model" as const, model: "m-2" }] };
  const { proxy, upstream } = await startWith({ key: { models: ["m-1"] }, policy: moved });
  expect((await post(proxy, "/v1/chat/completions", chat)).status).toBe(403);
  expect(upstream.requests).toEqual([]);
});

test("attack: raw calls, files and batches are closed to a key with a list, for they hide the model", async () => {
  const { proxy, upstream } = await startWith({ key: { models: ["m-*"] } });
  for (const path of ["/providers/test/v1/chat/completions", "/v1/batches"]) {
    const response = await post(proxy, path, chat);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain("an operation whose model cannot be seen");
  }
  expect(upstream.requests).toEqual([]);
});

test("the list of models shows what the key may use, and no other model by its name", async () => {
  const { proxy } = await startWith({ key: { models: ["m-*"] } });
  const get = (path: string) => fetch(`${proxy.url}${path}`, { headers: { authorization } });
  expect(await (await get("/v1/models")).json()).toMatchObject({
    data: [{ id: "m-1" }, { id: "m-2" }],
  });
  expect((await get("/v1/models/x-1")).status).toBe(404);
});

test("a key's use is noted by the secret's id, to the minute", async () => {
  const noted: [string, number][] = [];
  const keyUse = { used: (id: string, atMs: number) => void noted.push([id, atMs]) };
  const { proxy } = await startWith({ key: { secretId: "secret-1" }, keyUse });
  await post(proxy, "/v1/chat/completions", chat);
  expect(noted.map(([id]) => id)).toEqual(["secret-1"]);
});

import { describe, expect, test } from "vitest";
import { chat, chatAnswer, json, start } from "./testing/serve.ts";
import { testKey } from "./testing/start-test-proxy.ts";

const foreign = "sk-somebody-elses";
const contents = { contents: [{ role: "user", parts: [{ text: "hi" }] }] };
const gemini = "/v1beta/models/gemini-x:generateContent";
const path = "/v1/chat/completions";

async function startPaid() {
  const { proxy, upstream } = await start((_request, response) => {
    response.writeHead(200, json).end(chatAnswer);
  });
  const send = (to: string, headers: Record<string, string>, body: object = chat) =>
    fetch(`${proxy.url}${to}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  return { proxy, upstream, send };
}

describe("the key is found", () => {
  test.each([
    ["as Bearer", path, { authorization: `Bearer ${testKey}` }],
    ["as bearer, in small letters", path, { authorization: `bearer  ${testKey} ` }],
    ["in x-api-key", path, { "x-api-key": testKey }],
    ["in x-goog-api-key", path, { "x-goog-api-key": testKey }],
    ["in the query", `${path}?key=${testKey}`, {}],
    ["in the query among others", `${path}?alt=sse&key=${testKey}&x=1`, {}],
    ["beside a foreign one", path, { authorization: `Bearer ${foreign}`, "x-api-key": testKey }],
    ["behind a foreign one", `${path}?key=${testKey}`, { authorization: `Bearer ${foreign}` }],
  ])("%s", async (_where, to, headers) => {
    const { proxy, upstream, send } = await startPaid();
    expect((await send(to, headers)).status).toBe(200);
    const asked = JSON.stringify(upstream.requests);
    expect(asked).not.toContain(testKey);
    expect(asked).not.toContain(foreign);
    expect(upstream.requests[0]?.headers.authorization).toBe("Bearer sk-upstream");
    const row = JSON.stringify(await proxy.recorded(1));
    expect(row).not.toContain(testKey);
    expect(row).not.toContain(foreign);
  });
});

test.each([
  ["x-goog-api-key", gemini, { "x-goog-api-key": testKey }],
  ["?key=", `${gemini}?key=${testKey}`, {}],
])(
  "Google's clients are known by %s, and the provider gets its own key in its own place",
  async (_where, to, headers) => {
    const { upstream, send } = await startPaid();
    expect((await send(to, headers, contents)).status).toBe(200);
    expect(upstream.requests[0]?.path).toBe(gemini);
    expect(upstream.requests[0]?.headers["x-goog-api-key"]).toBe("sk-upstream");
    expect(upstream.requests[0]?.headers.authorization).toBeUndefined();
  },
);

describe("attack: a key in the query, however it is spelt, reaches neither provider nor row", () => {
  test.each([
    [`?key=${testKey}&key=${testKey}`, ""],
    [`?%6Bey=${testKey}&a=1`, "?a=1"],
    [`?k%65%79=${testKey}`, ""],
    [`?a=1&key=${testKey}&b=key=2`, "?a=1&b=key=2"],
    [`?keyring=1&key=${testKey}`, "?keyring=1"],
  ])("%s", async (query, left) => {
    const { proxy, upstream, send } = await startPaid();
    const response = await send(`${path}${query}`, { "x-api-key": testKey });
    expect(response.status).toBe(200);
    expect(upstream.requests[0]?.path).toBe(`${path}${left}`);
    expect(JSON.stringify(await proxy.recorded(1))).not.toContain(testKey);
  });
});

test.each([
  ["none", path, {}, "WEIR_KEY_MISSING"],
  ["an empty one", path, { authorization: "Bearer " }, "WEIR_KEY_MISSING"],
  ["a foreign one", path, { authorization: `Bearer ${foreign}` }, "WEIR_KEY_INVALID"],
  ["a cut one", path, { "x-api-key": testKey.slice(0, -1) }, "WEIR_KEY_INVALID"],
  ["a foreign one in the query", `${path}?key=${foreign}`, {}, "WEIR_KEY_INVALID"],
  ["Basic", path, { authorization: `Basic ${testKey}` }, "WEIR_KEY_MISSING"],
])("with %s a call is 401, before its body is looked at", async (_which, to, headers, code) => {
  const { proxy, upstream, send } = await startPaid();
  const response = await send(to, headers, { not: "a call" });
  expect(response.status).toBe(401);
  expect(await response.text()).toContain(code);
  expect(upstream.requests).toEqual([]);
  const [call] = await proxy.recorded(1);
  expect(call).toMatchObject({ outcome: "unauthenticated", principal: null, errorCode: code });
  expect(JSON.stringify(call)).not.toContain(foreign);
});

test.each(["/", "/v1", "/api/hello", "/v1/messages", "/v1/chat/completions", "/nothing?x=1"])(
  "a HEAD probe of %s is told that somebody is there: no key, no body, no row",
  async (to) => {
    const { proxy, upstream } = await startPaid();
    const response = await fetch(`${proxy.url}${to}`, { method: "HEAD" });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("");
    expect(upstream.requests).toEqual([]);
    expect(proxy.calls).toEqual([]);
  },
);

test("attack: a HEAD is no way to a provider without a key", async () => {
  const { proxy, upstream } = await startPaid();
  const response = await fetch(`${proxy.url}/providers/test/models`, { method: "HEAD" });
  expect(response.status).toBe(401);
  expect(upstream.requests).toEqual([]);
});

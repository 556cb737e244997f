import { expect, test } from "vitest";
import { chat, chatAnswer, chatStream, json, post, sse, start } from "./testing/serve.ts";
import { allow, testKey } from "./testing/start-test-proxy.ts";
import { answered, budget, clock, counters } from "./testing/test-budget.ts";

test("a call is charged what it has used, not what was reserved for it", async () => {
  const { authority, standing } = counters();
  const budgets = [
    budget({ unit: "tokens", limit: 100 }),
    budget({ id: "money", unit: "micro_usd", limit: 100 }),
  ];
  const { proxy } = await start(answered, { budgets, authority, clock });
  await (await post(proxy, "/v1/chat/completions", { ...chat, max_tokens: 50 })).text();
  await expect.poll(() => standing()).toEqual({ spent: 16, total: 16 });
  await expect.poll(() => standing("person-1", "money")).toEqual({ spent: 21, total: 21 });
});

test("nothing is charged for a call that policy denies, that no provider takes, or that fails unbilled", async () => {
  const { authority, standing } = counters();
  const budgets = [budget({ unit: "tokens", limit: 100 }), budget({ id: "count", limit: 3 })];
  let status = 500;
  const { proxy, upstream } = await start(
    (_request, response) => void response.writeHead(status, json).end("{}"),
    {
      budgets,
      authority,
      clock,
      policy: ({ call }) =>
        call?.model === "forbidden" ? { ...allow, effect: "deny", rules: [] } : allow,
    },
  );
  expect((await post(proxy, "/v1/chat/completions", { ...chat, model: "forbidden" })).status).toBe(
    403,
  );
  expect(standing()).toEqual({ spent: 0, total: 0 });
  await (await post(proxy, "/v1/chat/completions", chat)).text();
  status = 429;
  await (await post(proxy, "/v1/chat/completions", chat)).text();
  await expect.poll(() => standing()).toEqual({ spent: 0, total: 0 });
  // They were requests all the same.
  await expect.poll(() => standing("person-1", "count").spent).toBe(2);
  await upstream.close();
  await (await post(proxy, "/v1/chat/completions", chat)).text();
  await expect.poll(() => standing("person-1", "count")).toEqual({ spent: 3, total: 3 });
});

test("a client that leaves is charged what is known of its answer, once", async () => {
  const { authority, standing } = counters();
  const budgets = [
    budget({ unit: "tokens", limit: 1_100 }),
    budget({ id: "open", unit: "concurrency", limit: 1, window: null }),
  ];
  const { proxy } = await start(
    (_request, response) => {
      response.writeHead(200, sse);
      response.write(chatStream.slice(0, chatStream.indexOf(": keep-alive")));
    },
    { budgets, authority, clock },
  );
  const leaving = new AbortController();
  const response = await fetch(`${proxy.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${testKey}`, "content-type": "application/json" },
    body: JSON.stringify({ ...chat, stream: true }),
    signal: leaving.signal,
  });
  const reading = response.body?.getReader();
  await reading?.read();
  leaving.abort();
  const [row] = await proxy.recorded(1);
  expect(row?.outcome).toBe("client_abort");
  const tokens = Object.values(row?.usage.tokens ?? {}).reduce((sum, each) => sum + each, 0);
  expect(tokens).toBeGreaterThan(0);
  await expect.poll(() => standing()).toEqual({ spent: tokens, total: tokens });
});

test("an answer whose usage nobody told counts as all that was reserved", async () => {
  const { authority, standing } = counters();
  const { proxy } = await start(
    (_request, response) => void response.writeHead(200, json).end('{"choices":[]}'),
    { budgets: [budget({ unit: "tokens", limit: 60 })], authority, clock },
  );
  await (await post(proxy, "/v1/chat/completions", { ...chat, max_tokens: 40 })).text();
  await expect.poll(() => standing().spent).toBeGreaterThanOrEqual(40);
});

test("no more calls are under way than concurrency allows, and an ended one makes room", async () => {
  const release = Promise.withResolvers<void>();
  const { proxy, upstream } = await start(
    async (_request, response) => {
      await release.promise;
      response.writeHead(200, json).end(chatAnswer);
    },
    { budgets: [budget({ unit: "concurrency", limit: 2, window: null })], clock },
  );
  const [one, two] = [1, 2].map(() => post(proxy, "/v1/chat/completions", chat));
  await expect.poll(() => upstream.requests.length).toBe(2);
  const third = await post(proxy, "/v1/chat/completions", chat);
  expect(third.status).toBe(429);
  expect(third.headers.get("ratelimit-policy")).toBe('"each-day";q=2');
  release.resolve();
  await Promise.all([(await one)?.text(), (await two)?.text()]);
  expect((await post(proxy, "/v1/chat/completions", chat)).status).toBe(200);
});

test("an alias goes on to the next model when the first one's budget is spent, and is one request", async () => {
  const { authority, standing } = counters();
  const { proxy, upstream } = await start(answered, {
    aliases: [
      {
        name: "smart",
        strategy: "ordered",
        targets: [
          { provider: "test", model: "dear", weight: 1 },
          { provider: "test", model: "cheap", weight: 1 },
        ],
      },
    ],
    budgets: [budget({ id: "dear", scope: "model", of: "dear", limit: 0 }), budget()],
    authority,
    clock,
  });
  const response = await post(proxy, "/v1/chat/completions", { ...chat, model: "smart" });
  expect(response.status).toBe(200);
  await response.text();
  expect(upstream.requests.map(({ body }) => JSON.parse(body).model)).toEqual(["cheap"]);
  await expect.poll(() => standing()).toEqual({ spent: 1, total: 1 });
});

test("a fallback after a failed provider is charged for both, and counts as one request", async () => {
  const { authority, standing } = counters();
  let asked = 0;
  const { proxy } = await start(
    (_request, response) => {
      asked += 1;
      if (asked === 1) response.writeHead(500, json).end("{}");
      else response.writeHead(200, json).end(chatAnswer);
    },
    {
      aliases: [
        {
          name: "smart",
          strategy: "ordered",
          targets: [
            { provider: "test", model: "a", weight: 1 },
            { provider: "test", model: "b", weight: 1 },
          ],
        },
      ],
      budgets: [
        budget({ limit: 2 }),
        budget({ id: "open", unit: "concurrency", limit: 1, window: null }),
      ],
      authority,
      clock,
    },
  );
  const response = await post(proxy, "/v1/chat/completions", { ...chat, model: "smart" });
  expect(response.status).toBe(200);
  await response.text();
  await expect.poll(() => standing()).toEqual({ spent: 1, total: 1 });
});

test("without its counters a budget lets nothing through", async () => {
  const { proxy, upstream } = await start(answered, {
    budgets: [budget()],
    authority: { exchange: () => Promise.reject(new Error("gone")) },
    clock,
  });
  const response = await post(proxy, "/v1/chat/completions", chat);
  expect(response.status).toBe(503);
  expect(await response.text()).toContain("WEIR_BUDGET_UNAVAILABLE");
  expect(upstream.requests).toHaveLength(0);
});

test("a request that asks for no tokens is let through by a budget of tokens that is spent", async () => {
  const budgets = [budget({ unit: "tokens", limit: 0 })];
  const { proxy } = await start(
    (_request, response) => void response.writeHead(200, json).end('{"object":"list","data":[]}'),
    { budgets, clock },
  );
  expect((await post(proxy, "/v1/moderations", { model: "m-1", input: "hi" })).status).toBe(200);
});

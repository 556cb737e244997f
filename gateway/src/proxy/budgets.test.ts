import { expect, test } from "vitest";
import { chat, messages, post, start } from "./testing/serve.ts";
import { answered, budget, clock, dayStartMs, nowMs } from "./testing/test-budget.ts";

test("what is left goes with each answer, and a spent budget is refused with all that one needs to know", async () => {
  const { proxy, upstream } = await start(answered, { budgets: [budget()], clock });
  const first = await post(proxy, "/v1/chat/completions", chat);
  expect(first.headers.get("ratelimit-policy")).toBe('"each-day";q=2;w=86400');
  expect(first.headers.get("ratelimit")).toBe('"each-day";r=1;t=39600');
  await first.text();
  await (await post(proxy, "/v1/chat/completions", chat)).text();
  const refused = await post(proxy, "/v1/chat/completions", chat);
  expect(refused.status).toBe(403);
  expect(refused.headers.get("x-should-retry")).toBe("false");
  expect(refused.headers.get("retry-after")).toBeNull();
  expect(refused.headers.get("ratelimit")).toBe('"each-day";r=0;t=39600');
  expect(await refused.text()).toMatch(
    /"The budget 'each-day' of 2 requests a day is spent\. It begins anew at 2026-11-24 00:00:00 \(Europe\/Berlin\)\. For more, ask finance@example\.com\. \[WEIR_BUDGET_SPENT/,
  );
  expect(upstream.requests).toHaveLength(2);
  expect((await proxy.recorded(3))[2]).toMatchObject({
    outcome: "denied",
    errorCode: "WEIR_BUDGET_SPENT",
    flags: ["limit:each-day"],
    attempts: 0,
    cost: { status: "not_billed" },
  });
});

test.each([
  ["/v1/messages", messages, 402],
  ["/v1/responses", { model: "m-1", input: "hi" }, 400],
  ["/v1beta/models/m-1:generateContent", { contents: [] }, 403],
])("%s is refused with the status at which its clients stop", async (path, body, status) => {
  const { proxy } = await start(answered, { budgets: [budget({ limit: 0 })], clock });
  expect((await post(proxy, path, body)).status).toBe(status);
});

test("a key whose denials are soft gets the reason as an answer", async () => {
  const options = { budgets: [budget({ limit: 0 })], clock, denialStyle: "soft" } as const;
  const { proxy } = await start(answered, options);
  const response = await post(proxy, "/v1/chat/completions", chat);
  expect(response.status).toBe(200);
  expect(await response.text()).toContain("is spent");
});

test("a window that begins anew within a minute is worth waiting for", async () => {
  const budgets = [budget({ limit: 0, window: "minute" })];
  const { proxy } = await start(answered, { budgets, clock: { nowMs: () => nowMs + 15_000 } });
  const response = await post(proxy, "/v1/chat/completions", chat);
  expect(response.status).toBe(429);
  expect(response.headers.get("retry-after")).toBe("45");
  expect((await proxy.recorded(1))[0]).toMatchObject({
    outcome: "rate_limited",
    errorCode: "WEIR_RATE_LIMITED",
  });
});

test("the next window is a new one", async () => {
  let now = nowMs;
  const { proxy } = await start(answered, {
    budgets: [budget({ limit: 1 })],
    clock: { nowMs: () => now },
  });
  const statuses: number[] = [];
  for (const at of [nowMs, nowMs + 1, dayStartMs + 86_400_000]) {
    now = at;
    const response = await post(proxy, "/v1/chat/completions", chat);
    statuses.push(response.status);
    await response.text();
  }
  expect(statuses).toEqual([200, 403, 200]);
});

test("a soft budget lets calls through and warns once a window", async () => {
  const { proxy } = await start(answered, { budgets: [budget({ enforcement: "soft" })], clock });
  const warnings: (string | null)[] = [];
  for (let call = 0; call < 5; call += 1) {
    const response = await post(proxy, "/v1/chat/completions", chat);
    expect(response.status).toBe(200);
    warnings.push(response.headers.get("x-weir-budget-warning"));
    await response.text();
  }
  expect(warnings.filter((warning) => warning === "each-day")).toHaveLength(1);
  const rows = await proxy.recorded(5);
  expect(rows.flatMap(({ flags }) => flags)).toEqual(["over_soft_limit:each-day"]);
});

test("a model without a price does not slip through under a limit in money, unless it is let", async () => {
  const { proxy, upstream } = await start(answered, {
    budgets: [budget({ unit: "micro_usd", limit: 1_000_000 })],
    clock,
    pricer: { price: () => ({ microUsd: null, status: "unpriced", priceVersion: "" }) },
  });
  const refused = await post(proxy, "/v1/chat/completions", chat);
  expect(refused.status).toBe(403);
  expect(await refused.text()).toMatch(/price of 'm-1' is not known.*WEIR_BUDGET_UNPRICED/);
  expect(upstream.requests).toHaveLength(0);
  const { proxy: lenient } = await start(answered, {
    budgets: [budget({ unit: "micro_usd", limit: 1_000_000, unpriced: "allow" })],
    clock,
    pricer: { price: () => ({ microUsd: null, status: "unpriced", priceVersion: "" }) },
  });
  expect((await post(lenient, "/v1/chat/completions", chat)).status).toBe(200);
});

test("a raise counts until it ends, and only for whom it is", async () => {
  let now = nowMs;
  const raises = [
    { by: 1, untilMs: nowMs + 10, of: "person-1" },
    { by: 100, untilMs: nowMs + 1_000, of: "somebody-else" },
    { by: 100, untilMs: nowMs, of: "" },
  ];
  const { proxy } = await start(answered, {
    budgets: [budget({ limit: 1, raises })],
    clock: { nowMs: () => now },
  });
  const ask = async () => {
    const response = await post(proxy, "/v1/chat/completions", chat);
    await response.text();
    return response.status;
  };
  expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 403]);
  now = nowMs + 11;
  expect(await ask()).toBe(403);
});

test("attack: other session names within one caller do not reset the caller's own budget", async () => {
  const budgets = [budget({ id: "session", scope: "session", limit: 1 }), budget({ limit: 3 })];
  const { proxy } = await start(answered, { budgets, clock });
  const ask = async (session: Record<string, string>) => {
    const response = await post(proxy, "/v1/chat/completions", chat, session);
    await response.text();
    return response.status;
  };
  // Without a name they are one session; a new name is a new one, as far as the person's goes.
  expect([await ask({}), await ask({})]).toEqual([200, 403]);
  expect(await ask({ "x-session-id": "a" })).toBe(200);
  expect(await ask({ "x-session-id": "a" })).toBe(403);
  expect(await ask({ "x-session-id": "b" })).toBe(200);
  expect(await ask({ "x-session-id": "c" })).toBe(403);
});

test("shared budgets do not tell one caller what the others use", async () => {
  const budgets = [budget({ scope: "team", limit: 1_000 })];
  const { proxy } = await start(answered, { budgets, clock });
  const response = await post(proxy, "/v1/chat/completions", chat);
  expect(response.headers.get("ratelimit-policy")).toBe('"each-day";q=1000;w=86400');
  expect(response.headers.get("ratelimit")).toBeNull();
});

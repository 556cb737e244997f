import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { chat, chatAnswer, chatStream, json, post, sse } from "./testing/serve.ts";
import { failing, failure, fast, good, holding, startTargets } from "./testing/start-targets.ts";
import { testKey } from "./testing/start-test-proxy.ts";

const path = "/v1/chat/completions";
describe("the second target answers when the first", () => {
  test.each([
    ["is overloaded", failing(529), { status: 529, errorCode: "" }],
    ["is out of order", failing(503), { status: 503, errorCode: "" }],
    ["has no room for us", failing(429), { status: 429, errorCode: "" }],
    [
      "breaks the connection",
      (_request: unknown, response: ServerResponse) => void response.destroy(),
      { status: 0, errorCode: "WEIR_UPSTREAM_UNREACHABLE" },
    ],
    ["says nothing", () => undefined, { status: 0, errorCode: "WEIR_UPSTREAM_TIMEOUT" }],
  ])("%s", async (_what, first, failed) => {
    const ofFirst = { timeouts: { firstByteMs: 200 } };
    await using targets = await startTargets({ first, second: good }, { ofFirst });
    const { proxy } = targets;
    const response = await post(proxy, path, fast);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(chatAnswer);
    expect(targets.first.requests[0]?.body).toContain('"model":"m-first"');
    expect(targets.second.requests[0]?.body).toBe(JSON.stringify({ ...chat, model: "m-second" }));
    expect((await proxy.recorded(1))[0]).toMatchObject({
      outcome: "completed",
      provider: "second",
      modelRequested: "fast",
      modelResolved: "m-second",
      attempts: 2,
      failedAttempts: [{ provider: "first", model: "m-first", ...failed }],
      usage: { source: "provider_final" },
    });
    expect(proxy.decisions.map(({ call }) => [call?.provider, call?.model])).toEqual([
      ["first", "m-first"],
      ["second", "m-second"],
    ]);
    const decisionId = proxy.decisions[1]?.decision.id;
    expect(response.headers.get("x-weir-decision-id")).toBe(decisionId);
  });

  test("cannot be reached at all", async () => {
    await using targets = await startTargets({ first: good, second: good });
    await targets.first.close();
    expect((await post(targets.proxy, path, fast)).status).toBe(200);
    expect((await targets.proxy.recorded(1))[0]).toMatchObject({
      provider: "second",
      failedAttempts: [
        {
          provider: "first",
          errorCode: "WEIR_UPSTREAM_UNREACHABLE",
          cost: { status: "not_billed" },
        },
      ],
    });
  });
});

test("a first target that works is the only one that is asked", async () => {
  await using targets = await startTargets({ first: good, second: good });
  expect((await post(targets.proxy, path, fast)).status).toBe(200);
  expect(targets.second.requests).toEqual([]);
  expect(targets.proxy.decisions).toHaveLength(1);
});

test.each([400, 401, 403, 404, 413])(
  "an error that is the caller's own, %i, is not tried on elsewhere",
  async (status) => {
    await using targets = await startTargets({ first: failing(status), second: good });
    const response = await post(targets.proxy, path, fast);
    expect([response.status, await response.text()]).toEqual([status, failure]);
    expect(targets.second.requests).toEqual([]);
  },
);

test("when all have failed, the client sees the last one's answer", async () => {
  await using targets = await startTargets({ first: failing(503), second: failing(500) });
  expect((await post(targets.proxy, path, fast)).status).toBe(500);
  expect((await targets.proxy.recorded(1))[0]).toMatchObject({
    outcome: "upstream_error",
    provider: "second",
    upstreamStatus: 500,
    attempts: 2,
    failedAttempts: [{ provider: "first", status: 503 }],
  });
});

test("each target has its retries before the next one's turn", async () => {
  const order: string[] = [];
  const noting = (name: string, status: number) => (request: unknown, response: ServerResponse) => {
    order.push(name);
    failing(status)(request, response);
  };
  await using targets = await startTargets(
    { first: noting("first", 503), second: noting("second", 429) },
    { routing: { retries: 1 } },
  );
  expect((await post(targets.proxy, path, fast)).status).toBe(429);
  expect(order).toEqual(["first", "first", "second", "second"]);
});

test("a target that asks for a long wait is left for the next one at once", async () => {
  await using targets = await startTargets(
    {
      first: (_request, response) => {
        response.writeHead(429, { ...json, "retry-after": "3600" }).end(failure);
      },
      second: good,
    },
    { routing: { retries: 3 } },
  );
  expect((await post(targets.proxy, path, fast)).status).toBe(200);
  expect(targets.first.requests).toHaveLength(1);
});

test("a stream that breaks off is not begun again elsewhere", async () => {
  await using targets = await startTargets({
    first: (_request, response) => {
      response.writeHead(200, sse).end(chatStream.slice(0, 100));
    },
    second: good,
  });
  const response = await post(targets.proxy, path, { ...fast, stream: true });
  expect(await response.text()).toContain("WEIR_UPSTREAM_DIED");
  expect(targets.second.requests).toEqual([]);
});

test("a full target is passed over without being asked, and counts as no attempt", async () => {
  const held = holding();
  const ofFirst = { maxConcurrent: 1 };
  await using targets = await startTargets({ first: held.answer, second: good }, { ofFirst });
  const filling = post(targets.proxy, path, fast);
  await held.arrived;
  await (await post(targets.proxy, path, fast)).text();
  held.letGo();
  await (await filling).text();
  const rows = await targets.proxy.recorded(2);
  expect(rows.map(({ provider, attempts }) => [provider, attempts])).toEqual([
    ["second", 1],
    ["first", 1],
  ]);
  expect(targets.first.requests).toHaveLength(1);
});

test("a target that keeps failing is left alone, and calls go to the next at once", async () => {
  const routing = { breakerFailures: 2 };
  await using targets = await startTargets({ first: failing(503), second: good }, { routing });
  for (let count = 0; count < 4; count += 1) {
    expect((await post(targets.proxy, path, fast)).status).toBe(200);
  }
  expect(targets.first.requests).toHaveLength(2);
  const rows = await targets.proxy.recorded(4);
  expect(rows.map(({ failedAttempts }) => failedAttempts.length)).toEqual([1, 1, 0, 0]);
});

test("when all targets are left alone, the client is told when to come back", async () => {
  const routing = { breakerFailures: 1, breakerOpenMs: 20_000 };
  const both = { first: failing(503), second: failing(503) };
  await using targets = await startTargets(both, { routing });
  expect((await post(targets.proxy, path, fast)).status).toBe(503);
  const response = await post(targets.proxy, path, fast);
  expect(response.status).toBe(503);
  expect(response.headers.get("retry-after")).toBe("20");
  expect(await response.text()).toContain("WEIR_PROVIDER_DOWN");
  expect((await targets.proxy.recorded(2))[1]).toMatchObject({
    outcome: "unavailable",
    attempts: 0,
    cost: { status: "not_billed" },
  });
  expect(targets.first.requests).toHaveLength(1);
});

test("an alias can lead from the first provider to another only while no state binds the call", async () => {
  const answer = (id: string) => (_request: unknown, response: ServerResponse) => {
    const body = { id, object: "response", status: "completed", model: "m", output: [] };
    response.writeHead(200, json).end(JSON.stringify(body));
  };
  let isDown = true;
  const first = (request: unknown, response: ServerResponse) =>
    isDown ? failing(503)(request, response) : answer("resp_first")(request, response);
  await using targets = await startTargets({ first, second: answer("resp_second") });
  const ask = (body: object) =>
    post(targets.proxy, "/v1/responses", { model: "fast", input: "hi", ...body });
  await (await ask({})).text();
  isDown = false;
  await (await ask({ previous_response_id: "resp_second" })).text();
  const retrieved = await fetch(`${targets.proxy.url}/v1/responses/resp_second`, {
    headers: { authorization: `Bearer ${testKey}` },
  });
  await retrieved.text();
  expect((await targets.proxy.recorded(3)).map(({ provider }) => provider)).toEqual([
    "second",
    "second",
    "second",
  ]);
});

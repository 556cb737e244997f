// Stops on the whole data plane: real sockets, real dialects, a provider that streams until it is cut.
import { once } from "node:events";
import { expect, test } from "vitest";
import type { SnapshotStop } from "../../contracts/stop.ts";
import { chat, chatAnswer, json, messages, post, sse, start } from "../testing/serve.ts";
import { SessionLimits } from "../govern-limits/session-limits.ts";
import { StopBook } from "./stop-book.ts";

const all: SnapshotStop = { id: "s", kind: "all", target: "", reason: "incident 42", setAtMs: 1 };
const stopAll = new StopBook([all]);
const none = new StopBook([]);
const gemini = { contents: [{ role: "user", parts: [{ text: "hi" }] }] };

test.each([
  ["/v1/chat/completions", chat, 403],
  ["/v1/messages", messages, 402],
  ["/v1/responses", { model: "m-1", input: "hi" }, 400],
  ["/v1beta/models/m-1:generateContent", gemini, 403],
])(
  "%s of a stopped caller is refused for good, with the reason, and asks no provider",
  async (path, body, status) => {
    const { proxy, upstream } = await start(
      (_request, response) => void response.writeHead(200, json).end(chatAnswer),
    );
    proxy.stops.setBook(stopAll);
    const answer = await post(proxy, path, body);
    const text = await answer.text();
    expect([answer.status, answer.headers.get("x-should-retry")]).toEqual([status, "false"]);
    expect(text).toContain("incident 42.");
    expect(text).toContain("WEIR_STOPPED");
    const [row] = await proxy.recorded(1);
    expect(row).toMatchObject({
      outcome: "denied",
      errorCode: "WEIR_STOPPED",
      principal: { id: "person-1" },
      usage: { streamEnd: "policy_cut" },
    });
    expect(upstream.requests).toHaveLength(0);
    proxy.stops.setBook(none);
    expect((await post(proxy, "/v1/chat/completions", chat)).status).toBe(200);
    await expect.poll(() => proxy.stops.watched).toBe(0);
  },
);

const chunk = 'data: {"model":"m-1","choices":[{"index":0,"delta":{"content":"so far"}}]}\n\n';
const event = (type: string, data: object) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
const streams = [
  ["/v1/chat/completions", { ...chat, stream: true }, chunk],
  [
    "/v1/messages",
    { ...messages, stream: true },
    event("message_start", {
      message: { model: "m-1", usage: { input_tokens: 1, output_tokens: 1 } },
    }),
  ],
  [
    "/v1/responses",
    { model: "m-1", input: "hi", stream: true },
    event("response.created", { sequence_number: 0, response: { id: "r-1", model: "m-1" } }),
  ],
  [
    "/v1beta/models/m-1:streamGenerateContent?alt=sse",
    gemini,
    'data: {"candidates":[{"content":{"parts":[{"text":"so far"}]}}]}\n\n',
  ],
] as const;

test.each(streams)(
  "a stream of %s under way is cut in its dialect, and its provider with it",
  async (path, body, first) => {
    const cut = Promise.withResolvers<void>();
    const { proxy } = await start((_request, response) => {
      response.once("close", () => cut.resolve());
      response.writeHead(200, sse).write(first);
    });
    const answer = await post(proxy, path, body);
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = (await reader?.read())?.value ?? "";
    const begun = performance.now();
    proxy.stops.setBook(stopAll);
    for (;;) {
      const read = await reader?.read();
      if (read === undefined || read.done) break;
      text += read.value;
    }
    await cut.promise;
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(text).toContain("incident 42.");
    if (path === "/v1/responses") expect(text).toContain("invalid_prompt");
    const [row] = await proxy.recorded(1);
    expect(row).toMatchObject({
      outcome: "denied",
      errorCode: "WEIR_STOPPED",
      upstreamStatus: 200,
      usage: { streamEnd: "policy_cut" },
    });
    await expect.poll(() => proxy.stops.watched).toBe(0);
    expect(proxy.failures).toEqual([]);
  },
);

test("a call that still waits for its answer's head is refused at once, and its provider is cut", async () => {
  const asked = Promise.withResolvers<void>();
  const cut = Promise.withResolvers<void>();
  const { proxy } = await start((_request, response) => {
    response.once("close", () => cut.resolve());
    asked.resolve();
  });
  const answering = post(proxy, "/v1/messages", messages);
  await asked.promise;
  proxy.stops.setBook(stopAll);
  const answer = await answering;
  expect(answer.status).toBe(402);
  expect(await answer.text()).toContain("WEIR_STOPPED");
  await cut.promise;
});

test("a retry that waits for its turn does not slip through", async () => {
  const waiting = Promise.withResolvers<void>();
  const { proxy, upstream } = await start(
    (_request, response) => void response.writeHead(503, json).end("{}"),
    {
      routing: { retries: 3 },
      clock: {
        sleep: async (_ms, signal) => {
          waiting.resolve();
          await once(signal, "abort");
        },
      },
    },
  );
  const answering = post(proxy, "/v1/chat/completions", chat);
  await waiting.promise;
  proxy.stops.setBook(stopAll);
  expect((await answering).status).toBe(403);
  expect(upstream.requests).toHaveLength(1);
  expect((await proxy.recorded(1))[0]).toMatchObject({
    errorCode: "WEIR_STOPPED",
    outcome: "denied",
  });
});

test("a fallback to the next target does not slip through", async () => {
  const held: { stop?: () => void } = {};
  const { proxy, upstream } = await start(
    (_request, response) => {
      held.stop?.();
      response.writeHead(503, json).end("{}");
    },
    {
      aliases: [
        {
          name: "any",
          strategy: "ordered",
          targets: ["m-1", "m-2"].map((model) => ({ provider: "test", model, weight: 1 })),
        },
      ],
    },
  );
  held.stop = () => proxy.stops.setBook(stopAll);
  const answer = await post(proxy, "/v1/chat/completions", { ...chat, model: "any" });
  expect([answer.status, upstream.requests.length]).toEqual([403, 1]);
});

test("a pause that this proxy makes holds here before control has heard, and ends when control lifts it", async () => {
  const told = Promise.withResolvers<string>();
  const { proxy } = await start(
    (_request, response) => void response.writeHead(200, json).end(chatAnswer),
    {
      onPause: () => told.promise,
    },
  );
  const headers = { "x-session-id": "s-1" };
  const pause = { kind: "session", target: "s-1", ownerId: "person-1", reason: "a loop" } as const;
  const pausing = proxy.stops.pause(pause);
  expect((await post(proxy, "/v1/chat/completions", chat, headers)).status).toBe(403);
  expect((await post(proxy, "/v1/chat/completions", chat)).status).toBe(200);
  told.resolve("kept-1");
  await pausing;
  expect((await post(proxy, "/v1/chat/completions", chat, headers)).status).toBe(403);
  proxy.stops.setBook(new StopBook([{ id: "kept-1", setAtMs: 1, ...pause }]));
  expect((await post(proxy, "/v1/chat/completions", chat, headers)).status).toBe(403);
  proxy.stops.setBook(none);
  expect((await post(proxy, "/v1/chat/completions", chat, headers)).status).toBe(200);
});

test("a session in which too many agents act is paused, and asks no model any more", async () => {
  const loops = { identicalCalls: 0, alternations: 0, subAgents: 2, depth: 0 };
  const sessionLimits = new SessionLimits({ settings: { limits: [], loops }, nowMs: Date.now });
  const { proxy, upstream } = await start(
    (_request, response) => void response.writeHead(200, json).end(chatAnswer),
    { sessionLimits },
  );
  const statuses = [];
  for (const agent of ["a", "b", "c", "a"]) {
    const headers = { "x-session-id": "s-1", originator: agent };
    statuses.push((await post(proxy, "/v1/chat/completions", chat, headers)).status);
  }
  expect(statuses).toEqual([200, 200, 403, 403]);
  expect(upstream.requests).toHaveLength(2);
});

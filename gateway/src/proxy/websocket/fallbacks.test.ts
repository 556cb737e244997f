import { expect, test } from "vitest";
import {
  answersAll,
  ask,
  completed,
  created,
  delta,
  provider,
  say,
  startProxy,
  startUpstream,
  withScript,
} from "./testing/serve-sockets.ts";
import { connect } from "./testing/socket-client.ts";

const events = (...texts: string[]) =>
  texts.map((text) => `event: x\ndata: ${text.replaceAll("\n", "\ndata: ")}\n\n`).join("");

test("a provider that has no sockets any more is asked by POST, at once and from then on", async () => {
  const { upstream, proxy } = await withScript({
    upgradeStatus: () => 426,
    onPost: (_body, response) => {
      response
        .writeHead(200, { "content-type": "text/event-stream" })
        .end(events(created("resp_1"), delta("hi"), completed("resp_1")));
    },
  });
  const client = await connect(proxy.url, { headers: { "session-id": "s-1" } });
  client.send(ask("m-1"));
  await client.ended(1);
  client.send(ask("m-1", { stream_id: "a" }));
  await client.ended(2);
  expect(client.texts.slice(0, 3)).toEqual([created("resp_1"), delta("hi"), completed("resp_1")]);
  expect(client.events.slice(3).every((event) => event["stream_id"] === "a")).toBe(true);
  expect(upstream.upgrades).toHaveLength(1);
  const { type: _, ...body } = ask("m-1");
  expect(JSON.parse(upstream.posts[1]?.body ?? "")).toEqual({ ...body, stream: true });
  expect(upstream.posts[0]?.headers).toMatchObject({
    authorization: "Bearer sk-upstream",
    "content-type": "application/json",
    "session-id": "s-1",
  });
  expect(await proxy.recorded(2)).toMatchObject([
    { outcome: "completed", usage: { source: "provider_final" } },
    { outcome: "completed" },
  ]);
});

test("a model of a provider without sockets is served on the same socket by POST", async () => {
  const socket = await startUpstream(answersAll());
  const plain = await startUpstream({
    onPost: (_body, response) => {
      response
        .writeHead(429, { "content-type": "application/json", "retry-after": "1" })
        .end('{"error":{"message":"slow down","code":"rate_limit_exceeded"}}');
    },
  });
  const proxy = await startProxy(socket.url, {
    providers: [
      provider(socket.url, { models: ["a-*"] }),
      provider(plain.url, { name: "plain", models: ["b-*"], webSocket: false }),
    ],
  });
  const client = await connect(proxy.url);
  client.send(ask("a-1"));
  await client.ended(1);
  client.send(ask("b-1"));
  expect((await client.ended(2)).at(-1)).toMatchObject({
    type: "error",
    status: 429,
    error: { message: "slow down" },
  });
  expect(plain.upgrades).toEqual([]);
  expect(await proxy.recorded(2)).toMatchObject([
    { provider: "test", outcome: "completed" },
    { provider: "plain", outcome: "upstream_error", status: 429 },
  ]);
});

test("a response that fails before it begins goes to the next target, and its state stays there", async () => {
  let isDown = true;
  const first = await startUpstream({
    onFrame: (_frame, socket) =>
      isDown
        ? socket.send('{"type":"error","status":503,"error":{"message":"down"}}')
        : say(socket, created("other"), completed("other")),
  });
  const second = await startUpstream(answersAll());
  const target = (name: string) => ({ provider: name, model: "m-1", weight: 1 });
  const proxy = await startProxy(first.url, {
    providers: [provider(first.url, { name: "first" }), provider(second.url)],
    aliases: [{ name: "smart", strategy: "ordered", targets: [target("first"), target("test")] }],
  });
  const client = await connect(proxy.url);
  client.send(ask("smart"));
  await client.ended(1);
  expect(client.texts[0]).toBe(created("resp_1"));
  expect(await proxy.recorded(1)).toMatchObject([
    {
      provider: "test",
      attempts: 2,
      failedAttempts: [{ provider: "first", status: 503, cost: { status: "not_billed" } }],
    },
  ]);
  isDown = false;
  client.send(ask("smart", { previous_response_id: "resp_1" }));
  await client.ended(2);
  expect((await proxy.recorded(2))[1]).toMatchObject({ provider: "test", attempts: 1 });
  client.send(ask("smart"));
  await client.ended(3);
  expect((await proxy.recorded(3))[2]).toMatchObject({ provider: "first" });
});

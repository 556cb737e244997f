import { once } from "node:events";
import { expect, test } from "vitest";
import {
  answersAll,
  ask,
  completed,
  created,
  delta,
  say,
  startProxy,
  startUpstream,
  withScript,
  withSimulator,
} from "./testing/serve-sockets.ts";
import { connect } from "./testing/socket-client.ts";

const again = {
  type: "response.failed",
  response: { status: "failed", error: { code: "server_error" } },
};

test("what ends a response is held until its row is recorded", async () => {
  const recording = Promise.withResolvers<void>();
  const { proxy } = await withScript(answersAll(), { beforeRecord: () => recording.promise });
  const client = await connect(proxy.url);
  client.send(ask("m-1"));
  await expect.poll(() => client.texts.length).toBe(2);
  await new Promise((resolve) => setImmediate(resolve));
  expect(client.texts).toHaveLength(2);
  recording.resolve();
  await client.ended(1);
  expect(client.texts[2]).toBe(completed("resp_1"));
});

test("a response that cannot be recorded does not look complete", async () => {
  const { proxy } = await withScript(answersAll(), {
    beforeRecord: async () => {
      throw new Error("disk full");
    },
  });
  const client = await connect(proxy.url);
  client.send(ask("m-1"));
  expect((await client.ended(1)).at(-1)).toMatchObject({
    ...again,
    sequence_number: 2,
    response: { id: "resp_1" },
  });
  expect(client.texts.at(-1)).toContain("WEIR_SPOOL_FULL");
  expect(proxy.failures).toContain("call could not be recorded");
});

test("a provider that leaves in mid-response costs that response alone", async () => {
  const { proxy } = await withScript({
    onFrame: ({ metadata }, socket) => {
      say(socket, created("resp_1"), delta("four words of text"));
      if (metadata === "die") socket.terminate();
      else socket.send(completed("resp_1"));
    },
  });
  const client = await connect(proxy.url);
  client.send(ask("m-1", { metadata: "die" }));
  expect((await client.ended(1)).at(-1)).toMatchObject({ ...again, response: { id: "resp_1" } });
  client.send(ask("m-1"));
  expect((await client.ended(2)).at(-1)).toMatchObject({ type: "response.completed" });
  expect(await proxy.recorded(2)).toMatchObject([
    {
      outcome: "upstream_died",
      status: 200,
      usage: { source: "estimated", streamEnd: "upstream_error" },
      cost: { status: "priced" },
    },
    { outcome: "completed" },
  ]);
});

test("a provider's own error ends the response as it came, and the socket goes on", async () => {
  const error =
    '{"type":"error","status":400,"error":{"code":"previous_response_not_found","message":"gone"} }';
  const { proxy } = await withScript({
    onFrame: ({ metadata }, socket) =>
      metadata === "bad" ? socket.send(error) : say(socket, created("r"), completed("r")),
  });
  const client = await connect(proxy.url);
  client.send(ask("m-1", { metadata: "bad" }));
  await client.ended(1);
  expect(client.texts).toEqual([error]);
  client.send(ask("m-1"));
  await client.ended(2);
  expect(await proxy.recorded(2)).toMatchObject([
    { outcome: "upstream_error", status: 400, upstreamStatus: 400, cost: { status: "not_billed" } },
    { outcome: "completed" },
  ]);
});

test("the simulator's faults each leave the row that says what happened", async () => {
  const { proxy } = await withSimulator();
  const client = await connect(proxy.url);
  const faults = [
    ["sim-die-2", "upstream_died"],
    ["sim-fail-2", "upstream_error"],
    ["sim-error-429", "upstream_error"],
    ["sim-usage-none", "completed"],
  ];
  for (const [index, [model = ""]] of faults.entries()) {
    client.send(ask(model));
    await client.ended(index + 1);
  }
  const rows = await proxy.recorded(faults.length);
  expect(rows.map(({ outcome }) => outcome)).toEqual(faults.map(([, outcome]) => outcome));
  expect(rows.at(-1)?.usage).toMatchObject({ source: "missing", tokens: null });
});

test.each([
  ["before its first event", [], "timeout", 504],
  ["in mid-response", [created("resp_1")], "timeout", 200],
])(
  "a provider that falls silent %s ends the response, not the socket",
  async (_when, texts, outcome, status) => {
    const { proxy } = await withScript(
      { onFrame: (_frame, socket) => say(socket, ...texts) },
      { limits: { firstByteTimeoutMs: 50, idleTimeoutMs: 50 } },
    );
    const client = await connect(proxy.url);
    client.send(ask("m-1"));
    expect((await client.ended(1)).at(-1)).toMatchObject(again);
    expect(client.texts.at(-1)).toContain("WEIR_UPSTREAM_TIMEOUT");
    expect(await proxy.recorded(1)).toMatchObject([
      { outcome, status, usage: { streamEnd: "timeout" } },
    ]);
    expect(client.socket.readyState).toBe(client.socket.OPEN);
  },
);

test("a provider that cannot be reached, or does not answer an upgrade, is told so", async () => {
  const gone = await startUpstream({});
  const unreachable = await startProxy(gone.url);
  const client = await connect(unreachable.url);
  await gone.close();
  client.send(ask("m-1"));
  expect((await client.ended(1)).at(-1)).toMatchObject(again);
  expect(await unreachable.recorded(1)).toMatchObject([
    { outcome: "upstream_error", errorCode: "WEIR_UPSTREAM_UNREACHABLE", status: 502 },
  ]);
  const silent = await withScript(
    { upgradeStatus: () => null },
    { limits: { connectTimeoutMs: 50 } },
  );
  const waiting = await connect(silent.proxy.url);
  waiting.send(ask("m-1"));
  expect((await waiting.ended(1)).at(-1)).toMatchObject(again);
  expect(await silent.proxy.recorded(1)).toMatchObject([{ outcome: "timeout", status: 504 }]);
});

test.each([401, 403, 500])(
  "a provider that refuses an upgrade with %s is heard in its own words",
  async (status) => {
    const { proxy } = await withScript({ upgradeStatus: () => status });
    const client = await connect(proxy.url);
    client.send(ask("m-1"));
    expect((await client.ended(1)).at(-1)).toMatchObject({
      type: "error",
      status,
      error: { message: `status ${status}`, code: "c" },
    });
    expect(await proxy.recorded(1)).toMatchObject([
      { outcome: "upstream_error", upstreamStatus: status, cost: { status: "not_billed" } },
    ]);
  },
);

test("a provider that has closed its socket since is asked over a new one", async () => {
  const { upstream, proxy } = await withScript(answersAll());
  const client = await connect(proxy.url);
  for (let turn = 1; turn <= 3; turn += 1) {
    client.send(ask("m-1"));
    await client.ended(turn);
    for (const socket of upstream.open) socket.close(1000);
  }
  expect(upstream.upgrades).toHaveLength(3);
  const rows = await proxy.recorded(3);
  expect(rows.every(({ outcome }) => outcome === "completed")).toBe(true);
});

test("a provider whose connection has died without a word is not waited for", async () => {
  const { proxy } = await withScript(
    { autoPong: false, onFrame: (_frame, socket) => say(socket, created("resp_1")) },
    { socketBounds: { beatMs: 20 } },
  );
  const client = await connect(proxy.url);
  client.send(ask("m-1"));
  expect((await client.ended(1)).at(-1)).toMatchObject(again);
  expect(await proxy.recorded(1)).toMatchObject([{ outcome: "upstream_died" }]);
});

test("what a provider sends unasked reaches nobody", async () => {
  const { upstream, proxy } = await withScript(answersAll());
  const client = await connect(proxy.url);
  client.send(ask("m-1"));
  await client.ended(1);
  for (const socket of upstream.open) say(socket, created("unasked"), completed("unasked"));
  const [socket] = upstream.open;
  socket?.ping();
  if (socket !== undefined) await once(socket, "pong");
  client.send(ask("m-1"));
  await client.ended(2);
  expect(client.texts.join()).not.toContain("unasked");
  expect(await proxy.recorded(2)).toHaveLength(2);
});

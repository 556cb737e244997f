import { expect, test } from "vitest";
import { ask, completed, created, delta, say, withScript } from "./testing/serve-sockets.ts";
import { connect } from "./testing/socket-client.ts";

test("a client that leaves in mid-response stops the provider; what was generated is estimated", async () => {
  const { upstream, proxy } = await withScript({
    onFrame: (_frame, socket) => say(socket, created("resp_1"), delta("four words of text")),
  });
  const client = await connect(proxy.url);
  client.send(ask("m-1"));
  await expect.poll(() => client.texts.length).toBe(2);
  client.socket.terminate();
  expect(await proxy.recorded(1)).toMatchObject([
    {
      outcome: "client_abort",
      usage: { source: "estimated", streamEnd: "client_abort" },
      cost: { status: "priced" },
    },
  ]);
  await expect.poll(() => upstream.open.size).toBe(0);
});

test("a provider is heard out for its bill when the client has left and config says so", async () => {
  let finish = () => {};
  const { upstream, proxy } = await withScript(
    {
      onFrame: (_frame, socket) => {
        socket.send(created("resp_1"));
        finish = () => socket.send(completed("resp_1"));
      },
    },
    { metering: { onClientAbort: "drain" } },
  );
  const client = await connect(proxy.url);
  client.send(ask("m-1"));
  await expect.poll(() => client.texts.length).toBe(1);
  client.socket.close();
  await client.closed;
  finish();
  expect(await proxy.recorded(1)).toMatchObject([
    { outcome: "client_abort", usage: { tokens: { inputUncached: 8, outputVisible: 5 } } },
  ]);
  await expect.poll(() => upstream.open.size).toBe(0);
});

test("a client that leaves while its frames wait leaves a row for each, and nothing is asked", async () => {
  const { upstream, proxy } = await withScript({});
  const client = await connect(proxy.url);
  for (let sent = 0; sent < 3; sent += 1) client.send(ask("m-1"));
  await expect.poll(() => upstream.frames.length).toBe(1);
  client.socket.terminate();
  const rows = await proxy.recorded(3);
  expect(rows.every(({ outcome }) => outcome === "client_abort")).toBe(true);
  expect(upstream.frames).toHaveLength(1);
});

test("a client that reads slowly slows the provider down, and loses nothing", async () => {
  const deltas = 400;
  let sent = 0;
  const { proxy } = await withScript({
    onFrame: (_frame, socket) => {
      socket.send(created("resp_1"));
      const more = () => {
        if (sent === deltas) socket.send(completed("resp_1"));
        else if ((sent += 1)) socket.send(delta("x".repeat(60_000)), more);
      };
      more();
    },
  });
  const client = await connect(proxy.url);
  client.socket.pause();
  client.send(ask("m-1"));
  let before = -1;
  const isStalled = () => sent > 0 && sent === before;
  await expect
    .poll(() => isStalled() || ((before = sent), false), { interval: 200, timeout: 8_000 })
    .toBe(true);
  expect(sent).toBeLessThan(deltas);
  client.socket.resume();
  await client.ended(1);
  expect(client.texts).toHaveLength(deltas + 2);
}, 20_000);

test("a client that takes nothing for too long is cut off", async () => {
  const { proxy } = await withScript(
    {
      onFrame: (_frame, socket) => {
        for (let sent = 0; sent < 400; sent += 1) socket.send(delta("x".repeat(60_000)));
      },
    },
    { socketBounds: { beatMs: 20 }, limits: { idleTimeoutMs: 100 } },
  );
  const client = await connect(proxy.url);
  client.socket.pause();
  client.send(ask("m-1"));
  expect(await proxy.recorded(1)).toMatchObject([{ outcome: "client_abort" }]);
  client.socket.resume();
  await client.closed;
});

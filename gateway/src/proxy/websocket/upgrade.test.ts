import { connect as connectTcp } from "node:net";
import { expect, test } from "vitest";
import { allow, testKey } from "../testing/start-test-proxy.ts";
import {
  answersAll,
  ask,
  provider,
  startProxy,
  startUpstream,
  withScript,
} from "./testing/serve-sockets.ts";
import { connect, refused } from "./testing/socket-client.ts";

const withKey = { authorization: `Bearer ${testKey}` };

test("without a provider that has sockets an upgrade is answered with 426 at once", async () => {
  const upstream = await startUpstream({});
  const proxy = await startProxy(upstream.url, {
    providers: [provider(upstream.url, { webSocket: false })],
  });
  const answer = await refused(proxy.url, withKey);
  expect(answer).toMatchObject({ status: 426, headers: { connection: "close" } });
  expect(JSON.parse(answer.body)).toMatchObject({ error: { code: "weir_upgrade_required" } });
  expect(proxy.calls).toEqual([]);
  expect(upstream.upgrades).toEqual([]);
});

test.each([
  ["no key", {}, "weir_key_missing"],
  ["an unknown key", { authorization: "Bearer sk-x" }, "weir_key_invalid"],
])("%s gets 401 and a row", async (_what, headers, code) => {
  const { proxy } = await withScript({});
  const answer = await refused(proxy.url, headers);
  expect(answer.status).toBe(401);
  expect(JSON.parse(answer.body)).toMatchObject({ error: { code } });
  expect(await proxy.recorded(1)).toMatchObject([
    { outcome: "unauthenticated", operation: "responses.websocket", principal: null },
  ]);
});

test("a policy that forbids sockets is a 426 with its message, so that clients send a POST", async () => {
  const { proxy } = await withScript(
    {},
    { policy: { ...allow, effect: "deny", userMessage: "No sockets here." } },
  );
  const answer = await refused(proxy.url, withKey);
  expect(answer.status).toBe(426);
  expect(answer.body).toContain("No sockets here.");
  expect(proxy.decisions[0]?.call).toMatchObject({ operation: "responses.websocket", model: "" });
  expect(await proxy.recorded(1)).toMatchObject([
    { outcome: "denied", status: 426, auxiliary: true, cost: { status: "not_billed" } },
  ]);
});

test("a full spool and a full worker let no socket in", async () => {
  const full = await withScript({}, { hasRoom: () => false });
  expect(await refused(full.proxy.url, withKey)).toMatchObject({ status: 503 });
  const crowded = await withScript(answersAll(), { socketBounds: { maxSockets: 1 } });
  const client = await connect(crowded.proxy.url);
  expect(await refused(crowded.proxy.url, withKey)).toMatchObject({ status: 503 });
  client.socket.close();
  await client.closed;
  await expect
    .poll(async () => (await connect(crowded.proxy.url)).socket.readyState)
    .toBe(client.socket.OPEN);
});

test("a request for another protocol is served as if it had asked for none", async () => {
  const { proxy } = await withScript({});
  const answer = await rawly(
    proxy.url,
    "GET /livez HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: h2c\r\n\r\n",
  );
  expect(answer).toMatch(/^HTTP\/1.1 200 /);
  const elsewhere = await rawly(
    proxy.url,
    "GET /v1/realtime HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n",
  );
  expect(elsewhere).toMatch(/^HTTP\/1.1 404 /);
});

test("a broken handshake is a 400 and harms nobody else", async () => {
  const { proxy } = await withScript(answersAll());
  const answer = await rawly(
    proxy.url,
    `GET /v1/responses HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\nauthorization: Bearer ${testKey}\r\nsec-websocket-version: 13\r\nsec-websocket-key: short\r\n\r\n`,
  );
  expect(answer).toMatch(/^HTTP\/1.1 400 /);
  const client = await connect(proxy.url);
  client.send(ask("m-1"));
  await client.ended(1);
});

test("a drain closes idle sockets at once, others after their response", async () => {
  let finish = () => {};
  const { proxy } = await withScript({
    onFrame: (_frame, socket) => {
      finish = () => answersAll().onFrame?.({}, socket, "");
    },
  });
  const idle = await connect(proxy.url);
  const busy = await connect(proxy.url);
  busy.send(ask("m-1"));
  const before = finish;
  await expect.poll(() => finish !== before).toBe(true);
  proxy.sockets.drain();
  expect(await idle.closed).toBe(1001);
  expect(busy.socket.readyState).toBe(busy.socket.OPEN);
  finish();
  expect(await busy.closed).toBe(1001);
  expect(busy.events.at(-1)).toMatchObject({ type: "response.completed" });
});

test("a socket that nobody uses is closed, and so is one whose client is gone without a word", async () => {
  const idle = await withScript({}, { socketBounds: { beatMs: 5, idleMs: 20 } });
  expect(await (await connect(idle.proxy.url)).closed).toBe(1001);
  const dead = await withScript({}, { socketBounds: { beatMs: 5 } });
  const client = await connect(dead.proxy.url, { autoPong: false });
  expect(await client.closed).toBe(1006);
});

async function rawly(url: string, request: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connectTcp(Number(port), hostname);
  socket.write(request);
  let answer = "";
  for await (const chunk of socket) {
    answer += String(chunk);
    if (answer.includes("\r\n\r\n")) break;
  }
  socket.destroy();
  return answer;
}

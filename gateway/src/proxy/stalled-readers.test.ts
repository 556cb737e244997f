import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startScriptedUpstream, type ScriptedUpstream } from "./testing/start-scripted-upstream.ts";
import { startTestProxy, testKey, type TestProxy } from "./testing/start-test-proxy.ts";

const IDLE_MS = 150;

let upstream: ScriptedUpstream;
let proxy: TestProxy;
let client: Socket;
let upstreamClosed: PromiseWithResolvers<void>;

beforeEach(() => {
  upstreamClosed = Promise.withResolvers<void>();
});

afterEach(async () => {
  client.destroy();
  await proxy.close();
  await upstream.close();
});

/** Sends a call over a socket from which nobody reads. */
async function askAndNeverRead(path: string, asked: object): Promise<void> {
  proxy = await startTestProxy({ upstreamUrl: upstream.url, limits: { idleTimeoutMs: IDLE_MS } });
  const body = JSON.stringify(asked);
  client = connect({ port: Number(new URL(proxy.url).port), host: "127.0.0.1" });
  client.on("error", () => undefined);
  await once(client, "connect");
  client.pause();
  client.write(
    `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${testKey}\r\n` +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
}

test("a client that never reads its stream is cut, and its provider let go", async () => {
  const event = Buffer.from(`data: {"model":"m","choices":[],"pad":"${"x".repeat(65_536)}"}\n\n`);
  upstream = await startScriptedUpstream((_request, response) => {
    response.once("close", () => upstreamClosed.resolve());
    response.writeHead(200, { "content-type": "text/event-stream" });
    const fill = (): void => {
      while (!response.destroyed && response.write(event));
    };
    response.on("drain", fill);
    fill();
  });
  await askAndNeverRead("/v1/chat/completions", { model: "m", messages: [], stream: true });
  const [row] = await proxy.recorded(1);
  expect(row).toMatchObject({ outcome: "client_abort", usage: { streamEnd: "client_abort" } });
  await upstreamClosed.promise;
});

test("a client that never reads a large answer is cut too", async () => {
  // More than the sockets' own buffers on both sides take.
  const answer = JSON.stringify({ model: "m", choices: [], pad: "x".repeat(40_000_000) });
  upstream = await startScriptedUpstream((_request, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(answer);
  });
  await askAndNeverRead("/v1/chat/completions", { model: "m", messages: [] });
  const [row] = await proxy.recorded(1);
  expect(row).toMatchObject({ outcome: "client_abort", status: 200 });
});

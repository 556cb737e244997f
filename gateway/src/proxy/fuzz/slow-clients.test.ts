import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startTestProxy, testKey, type TestProxy } from "../testing/start-test-proxy.ts";
import { openRaw, statusOf } from "./testing/raw-client.ts";
import { startTcpUpstream, type TcpUpstream } from "./testing/start-tcp-upstream.ts";

let upstream: TcpUpstream;
let proxy: TestProxy;
beforeEach(async () => {
  upstream = await startTcpUpstream();
  const clientTimeouts = { headMs: 100, wholeMs: 300, checkEveryMs: 20 };
  proxy = await startTestProxy({ upstreamUrl: upstream.url, clientTimeouts });
});
afterEach(async () => {
  await proxy.close();
  await upstream[Symbol.asyncDispose]();
});

const key = `Authorization: Bearer ${testKey}\r\n`;
const head = `POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\n${key}`;
const form = `POST /v1/audio/transcriptions HTTP/1.1\r\nHost: a\r\n${key}Content-Type: multipart/form-data; boundary=b\r\n`;
const file = `POST /v1/files HTTP/1.1\r\nHost: a\r\n${key}`;

describe("attack: a client that never ends", () => {
  test.each([
    ["says nothing", "", 0],
    ["stops in its request line", "POST /v1/cha", 0],
    ["stops in its head", head, 0],
    ["stops in its body", `${head}Content-Length: 9\r\n\r\n{`, 1],
    ["stops in a chunk", `${head}Transfer-Encoding: chunked\r\n\r\n5\r\n{`, 1],
    ["stops before its last chunk", `${head}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`, 1],
    ["stops in a form", `${form}Content-Length: 99\r\n\r\n--b\r\nContent-`, 1],
    ["stops in a body that nobody reads", `${head.replace(key, "")}Content-Length: 9\r\n\r\n{`, 1],
    [
      "stops in a body for an unknown path",
      `${head.replace("/v1/chat", "/v9")}Content-Length: 9\r\n\r\n{`,
      0,
    ],
  ])("and %s is cut off, with one row if there was a call", async (_how, bytes, rows) => {
    using client = await openRaw(proxy.url);
    client.send(bytes);
    const answers = await client.closed();
    for (const answer of answers) expect([401, 404, 408]).toContain(statusOf(answer));
    await proxy.recorded(rows);
    expect(proxy.calls).toHaveLength(rows);
    expect(proxy.failures).toEqual([]);
    expect(upstream.requests).toEqual([]);
  });

  test("and sends its head, or its body, byte by byte gets no more time", async () => {
    for (const [begun, rows] of [
      [head, 0],
      [`${head}Content-Length: 9999\r\n\r\n`, 1],
    ] as const) {
      const before = proxy.calls.length;
      using client = await openRaw(proxy.url);
      client.send(begun);
      const drip = setInterval(() => client.send("x"), 10);
      await client.closed();
      clearInterval(drip);
      await proxy.recorded(before + rows);
      expect(proxy.calls.slice(before).map(({ outcome }) => outcome)).toEqual(
        rows === 0 ? [] : ["client_abort"],
      );
    }
  });

  test("and stops in an upload takes the request at the provider with it", async () => {
    using client = await openRaw(proxy.url);
    client.send(`${file}Content-Length: 9999\r\n\r\nsome`);
    await client.closed();
    const [row] = await proxy.recorded(1);
    expect(row).toMatchObject({ operation: "files.create", outcome: "client_abort" });
    expect(upstream.requests).toEqual([]);
  });
});

test("a hundred that wait do not keep others from being served", async () => {
  const waiting = await Promise.all(Array.from({ length: 100 }, () => openRaw(proxy.url)));
  for (const client of waiting) client.send(`${head}Content-Length: 9\r\n\r\n{`);
  const body = '{"model":"m-1"}';
  const call = async () => {
    using client = await openRaw(proxy.url);
    client.send(`${head}Content-Length: ${body.length}\r\n\r\n${body}`);
    const [answer] = await client.answers(1);
    return answer && statusOf(answer);
  };
  // The proxy takes 64 calls at once; a slow body holds a place until its time is up.
  expect([200, 503]).toContain(await call());
  await Promise.all(waiting.map((each) => each.closed()));
  expect(await call()).toBe(200);
  expect(proxy.failures).toEqual([]);
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startTestProxy, testKey, type TestProxy } from "../testing/start-test-proxy.ts";
import { oddRequests } from "./testing/odd-requests.ts";
import { openRaw, statusOf } from "./testing/raw-client.ts";
import { body, length, lineWith } from "./testing/request-bytes.ts";
import { startTcpUpstream, type TcpUpstream } from "./testing/start-tcp-upstream.ts";
import { unclearRequests } from "./testing/unclear-requests.ts";

let upstream: TcpUpstream;
let proxy: TestProxy;
beforeEach(async () => {
  upstream = await startTcpUpstream();
  proxy = await startTestProxy({ upstreamUrl: upstream.url });
});
afterEach(async () => {
  await proxy.close();
  await upstream[Symbol.asyncDispose]();
});

const line = lineWith(testKey);

async function upstreamIsSane(calls: number): Promise<void> {
  expect(upstream.errors).toEqual([]);
  expect(upstream.requests).toHaveLength(calls);
  for (const request of upstream.requests) {
    expect(request.body.toString()).toBe(body);
    expect(request.headers.filter(([name]) => name === "x-smuggled")).toEqual([]);
    expect(request.headers.filter(([name]) => name === "host")).toHaveLength(1);
  }
  expect(upstream.bytes().includes(testKey)).toBe(false);
}

/** The proxy goes on serving. */
async function expectServing(): Promise<void> {
  upstream.forget();
  const before = proxy.calls.length;
  using client = await openRaw(proxy.url);
  client.send(`${line()}Content-Length: ${body.length}\r\n\r\n${body}`);
  const [answer] = await client.answers(1);
  expect(answer && statusOf(answer)).toBe(200);
  expect(proxy.calls.length).toBe(before + 1);
  expect(proxy.failures).toEqual([]);
  await upstreamIsSane(1);
}

describe("attack: a request that two readers could read in two ways", () => {
  test.each(unclearRequests(testKey))(
    "gets an error, and nothing of it reaches the provider: $name",
    async ({ bytes }) => {
      using client = await openRaw(proxy.url);
      client.send(bytes);
      const answers = await client.closed();
      // Node refuses before there is a request, or the body turns out to be broken on its way.
      for (const answer of answers) expect([400, 408, 413, 431, 505]).toContain(statusOf(answer));
      expect(answers.length).toBeLessThanOrEqual(1);
      await upstreamIsSane(0);
      expect(proxy.calls.length).toBeLessThanOrEqual(1);
      for (const row of proxy.calls) expect(row.upstreamStatus).toBe(0);
      await expectServing();
    },
  );
});

describe("a request that looks odd", () => {
  test.each(oddRequests(testKey))(
    "is read in one way, upstream too: $name",
    async ({ bytes, answers, calls, forwarded }) => {
      using client = await openRaw(proxy.url);
      client.send(bytes);
      const got =
        answers.length === 0 ? await client.closed() : await client.answers(answers.length);
      expect(got.map(statusOf)).toEqual(answers);
      await proxy.recorded(calls);
      await upstreamIsSane(forwarded);
      expect(proxy.calls).toHaveLength(calls);
      await expectServing();
    },
  );

  test("is told to go on when it asks to, refused or not, and its body is read in its place", async () => {
    using client = await openRaw(proxy.url);
    client.send(`${line()}Expect: 100-continue\r\n${length}\r\n`);
    client.send(body);
    client.send(
      `POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n${length}\r\n${body}`,
    );
    expect((await client.answers(2)).map(statusOf)).toEqual([200, 401]);
    await upstreamIsSane(1);
  });
});

describe("a client that leaves", () => {
  const whole = `${line()}${length}\r\n${body}`;
  const stages = [
    0,
    1,
    10,
    whole.indexOf("\r\n\r\n"),
    whole.length - body.length,
    whole.length - 1,
  ];

  test.each(stages)(
    "after %i bytes of its request leaves one row if there was a head, and nothing upstream",
    async (sent) => {
      const hasHead = sent >= whole.length - body.length;
      for (const leave of ["destroy", "resetAndDestroy", "end"] as const) {
        const before = proxy.calls.length;
        using client = await openRaw(proxy.url);
        client.send(whole.slice(0, sent));
        // A second connection tells when the first one's bytes have been read.
        await expectServing();
        client.socket[leave]();
        await client.closed();
        await proxy.recorded(before + (hasHead ? 2 : 1));
        await expectServing();
        expect(
          proxy.calls.slice(before).filter(({ outcome }) => outcome === "client_abort"),
        ).toHaveLength(hasHead ? 1 : 0);
      }
    },
  );
});

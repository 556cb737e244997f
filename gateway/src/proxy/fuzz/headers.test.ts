import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startTestProxy, testKey, type TestProxy } from "../testing/start-test-proxy.ts";
import { newRow } from "./testing/start-fuzzed.ts";
import { openRaw, statusOf } from "./testing/raw-client.ts";
import type { StrictMessage } from "./testing/strict-http.ts";
import { startTcpUpstream, type TcpUpstream } from "./testing/start-tcp-upstream.ts";

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

const body = '{"model":"m-1","messages":[]}';
const auth = `Authorization: Bearer ${testKey}\r\n`;
const path = "/v1/chat/completions";

function valuesOf(message: StrictMessage | undefined, name: string): string[] {
  return (message?.headers ?? []).filter(([each]) => each === name).map(([, value]) => value);
}

/** One call with these header lines, verbatim. */
async function send(lines: string, target = path): Promise<StrictMessage | undefined> {
  upstream.forget();
  const before = proxy.calls.length;
  using client = await openRaw(proxy.url);
  const length = `Content-Length: ${body.length}\r\n`;
  client.send(`POST ${target} HTTP/1.1\r\nHost: weir\r\n${lines}${length}\r\n${body}`);
  const [answer] = await client.answers(1);
  if (answer !== undefined && statusOf(answer) === 200) newRow(proxy, before);
  expect(upstream.errors).toEqual([]);
  expect(upstream.requests.length).toBeLessThanOrEqual(1);
  return answer;
}

describe("attack: the client's key, wherever it stands, gets no further", () => {
  const encoded = Buffer.from(testKey).toString("hex").replaceAll(/../g, "%$&");
  test.each([
    ["Bearer", auth, path],
    ["Bearer in small letters and blanks", `authorization:   bearer    ${testKey}   \r\n`, path],
    ["x-api-key", `X-Api-Key: ${testKey}\r\n`, path],
    ["x-goog-api-key", `X-Goog-Api-Key: ${testKey}\r\n`, path],
    ["the query", "", `${path}?key=${testKey}`],
    ["the query, its name encoded", auth, `${path}?%6b%65%79=${testKey}`],
    ["the query, in capitals", auth, `${path}?KEY=${testKey}`],
    ["the query, twice", auth, `${path}?key=${testKey}&a=b&key=${testKey}`],
    ["the query under another name", auth, `${path}?api_key=${testKey}&access_token=${testKey}`],
    ["the query behind a semicolon", auth, `${path}?a=b;key=${testKey}`],
    ["the query, itself encoded", auth, `${path}?key=${encoded}&token=${encoded}`],
    ["the query as a name", auth, `${path}?${testKey}`],
    ["a cookie", `${auth}Cookie: key=${testKey}; a=b\r\n`, path],
    ["Authorization twice", `${auth}Authorization: Bearer ${testKey}\r\n`, path],
    ["x-api-key twice", `${auth}X-Api-Key: ${testKey}\r\nX-Api-Key: ${testKey}\r\n`, path],
    ["Proxy-Authorization", `${auth}Proxy-Authorization: Bearer ${testKey}\r\n`, path],
    ["api-key, as Azure has it", `${auth}Api-Key: ${testKey}\r\n`, path],
    ["x-api-key with underscores", `${auth}X_Api_Key: ${testKey}\r\n`, path],
    ["a header of its own", `${auth}X-My-Key: Bearer ${testKey}\r\n`, path],
    [
      "a WebSocket protocol",
      `${auth}Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.${testKey}\r\n`,
      path,
    ],
    ["Referer", `${auth}Referer: http://127.0.0.1:7777/v1beta?key=${testKey}\r\n`, path],
    ["User-Agent", `${auth}User-Agent: me/${testKey}\r\n`, path],
    ["the session's id", `${auth}Session-Id: ${testKey}\r\n`, path],
    ["a header that Connection names", `${auth}X-Mine: ${testKey}\r\nConnection: X-Mine\r\n`, path],
  ])("%s", async (_where, lines, target) => {
    const answer = await send(lines, target);
    expect(answer && statusOf(answer)).toBe(200);
    expect(upstream.requests).toHaveLength(1);
    const bytes = upstream.bytes().toString("latin1");
    expect(bytes).not.toContain(testKey);
    expect(decodeURIComponent(bytes)).not.toContain(testKey);
    expect(valuesOf(upstream.requests[0], "authorization")).toEqual(["Bearer sk-upstream"]);
    expect(valuesOf(upstream.requests[0], "x-api-key")).toEqual([]);
    expect(valuesOf(upstream.requests[0], "cookie")).toEqual([]);
    expect(JSON.stringify([proxy.calls, proxy.decisions])).not.toContain(testKey);
  });
});

test("attack: what Connection names is dropped, but never what Weir itself puts there", async () => {
  const named =
    "authorization, host, content-length, content-type, accept-encoding, transfer-encoding, x-api-key, close";
  const answer = await send(
    `${auth}Connection: ${named}\r\nConnection: x-own\r\nX-Own: 1\r\nContent-Type: application/json\r\nAnthropic-Beta: a\r\n`,
  );
  expect(answer && statusOf(answer)).toBe(200);
  const [request] = upstream.requests;
  expect(valuesOf(request, "authorization")).toEqual(["Bearer sk-upstream"]);
  expect(valuesOf(request, "host")).toHaveLength(1);
  expect(valuesOf(request, "content-length")).toEqual([String(body.length)]);
  expect(valuesOf(request, "accept-encoding")).toEqual(["identity"]);
  expect(valuesOf(request, "anthropic-beta")).toEqual(["a"]);
  expect(valuesOf(request, "x-own")).toEqual([]);
});

test("attack: no header of Weir's, of a proxy's or of one hop is passed on or can be forged", async () => {
  const names = (
    "X-Weir-Call-Id X-Weir-Decision-Id x-weir-overhead-ms X-WEIR-ANYTHING X-Forwarded-For " +
    "X-Forwarded-Host X-Real-Ip Forwarded Via Keep-Alive TE Trailer Upgrade Proxy-Connection " +
    "Proxy-Authenticate OpenAI-Organization OpenAI-Project Traceparent Tracestate Baggage"
  ).split(" ");
  for (const name of names) {
    for (const spelled of [name, name.replaceAll("-", "_")]) {
      const answer = await send(`${auth}${spelled}: forged-value\r\n`);
      expect(answer && statusOf(answer), spelled).toBe(200);
      expect(upstream.bytes().toString("latin1"), spelled).not.toContain("forged-value");
      expect(JSON.stringify(answer?.headers)).not.toContain("forged-value");
    }
  }
  await send(`${auth}Host: evil.example\r\n`);
  expect(upstream.bytes().toString("latin1")).not.toContain("evil.example");
});

/** All that a header's value may hold (RFC 9110 §5.5), and what it may not. */
const fine = fc
  .array(
    fc.integer({ min: 0x20, max: 0xff }).filter((code) => code !== 0x7f),
    { maxLength: 40 },
  )
  .map((codes) => Buffer.from(codes).toString("latin1"));
const foul = fc
  .tuple(fine, fc.constantFrom("\0", "\r", "\n", "\x01", "\x0b", "\x1f", "\x7f"), fine)
  .map((pieces) => `a${pieces.join("")}b`);
const names = fc.constantFrom(
  ...(
    "User-Agent Content-Type Content-Encoding Accept Session-Id Traceparent Date Range If-Match " +
    "X-Claude-Code-Session-Id Originator Anthropic-Version Anthropic-Beta Origin Tracestate Cookie " +
    "X-Goog-Api-Client OpenAI-Beta Idempotency-Key X-Request-Id Expect Upgrade Connection " +
    "Accept-Encoding Authorization X-Api-Key X-Goog-Api-Key X-Http-Method-Override __proto__"
  ).split(" "),
);

test("any value of any header gets an answer and at most one sane request upstream", async () => {
  await fc.assert(
    fc.asyncProperty(names, fine, async (name, value) => {
      const answer = await send(`${name}: ${value}\r\n${auth}`);
      expect([200, 400, 401, 415, 417]).toContain(answer && statusOf(answer));
      expect(proxy.failures).toEqual([]);
      if (upstream.requests.length > 0) {
        expect(valuesOf(upstream.requests[0], "authorization")).toEqual(["Bearer sk-upstream"]);
        expect(upstream.requests[0]?.body.toString()).toBe(body);
      }
      expect(upstream.bytes().includes(testKey)).toBe(false);
    }),
    { numRuns: 300, seed: 4 },
  );
}, 20_000);

test("attack: a value with a control character in it gets 400, and reaches no provider", async () => {
  await fc.assert(
    fc.asyncProperty(names, foul, async (name, value) => {
      const answer = await send(`${auth}${name}: ${value}\r\nX-A: b\r\n`);
      // Between two line ends anything may stand that is a header line.
      if (value.includes("\n"))
        expect([200, 400, 401, 415, 417]).toContain(answer && statusOf(answer));
      else expect(answer && statusOf(answer)).toBe(400);
      for (const request of upstream.requests) {
        expect(valuesOf(request, "authorization")).toEqual(["Bearer sk-upstream"]);
      }
    }),
    { numRuns: 200, seed: 4 },
  );
  expect(proxy.failures).toEqual([]);
}, 20_000);

test("attack: no client can shut a provider to others with headers that no request may carry", async () => {
  await proxy.close();
  proxy = await startTestProxy({ upstreamUrl: upstream.url, routing: { breakerFailures: 2 } });
  const lines = [
    "X-A: \x7f",
    "X-A: \xff",
    "Keep-Alive: \0",
    "Expect: x",
    "Upgrade: a b",
    "Content-Length: 5",
  ];
  for (const line of [...lines, ...lines]) {
    const answer = await send(`${auth}${line}\r\n`);
    expect([200, 400, 417], line).toContain(answer && statusOf(answer));
  }
  for (const target of [
    "?a=\xff",
    "?\x7f",
    "?a=b c",
    "?\t",
    "#x",
    "?a#b",
    "?%",
    "?%00",
    "?a=%0d%0a",
  ]) {
    const answer = await send(auth, `${path}${target}`);
    expect([200, 400, 404], target).toContain(answer && statusOf(answer));
  }
  const answer = await send(auth);
  expect(answer && statusOf(answer)).toBe(200);
});

test("thousands of headers are passed on, or refused once they are too long, but never cut short", async () => {
  const many = await send(`${auth}${"a:b\r\n".repeat(2_300)}X-Last: 1\r\n`);
  expect(many && statusOf(many)).toBe(200);
  expect(valuesOf(upstream.requests[0], "x-last")).toEqual(["1"]);
  expect(valuesOf(upstream.requests[0], "a")).toHaveLength(2_300);
  for (const lines of ["a:b\r\n".repeat(10_000), `A: ${"b".repeat(20_000)}\r\n`]) {
    const tooMany = await send(`${auth}${lines}`);
    expect(tooMany && statusOf(tooMany)).toBe(431);
    expect(upstream.requests).toEqual([]);
  }
});

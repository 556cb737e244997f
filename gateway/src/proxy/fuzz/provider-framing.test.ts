import { gzipSync } from "node:zlib";
import type { Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startTestProxy, testKey, type TestProxy } from "../testing/start-test-proxy.ts";
import { newRow } from "./testing/start-fuzzed.ts";
import { openRaw, statusOf } from "./testing/raw-client.ts";
import type { StrictMessage } from "./testing/strict-http.ts";
import { plainAnswer, startTcpUpstream, type TcpUpstream } from "./testing/start-tcp-upstream.ts";

let answerWith: (socket: Socket) => void;
let upstream: TcpUpstream;
let proxy: TestProxy;
beforeEach(async () => {
  upstream = await startTcpUpstream((_request, socket) => answerWith(socket));
  const limits = { firstByteTimeoutMs: 700, idleTimeoutMs: 700 };
  proxy = await startTestProxy({ upstreamUrl: upstream.url, limits });
});
afterEach(async () => {
  await proxy.close();
  await upstream[Symbol.asyncDispose]();
});

const body = '{"model":"m-1","messages":[]}';
const head = `Host: a\r\nAuthorization: Bearer ${testKey}\r\n`;
const call = `POST /v1/chat/completions HTTP/1.1\r\n${head}Content-Length: ${body.length}\r\n\r\n${body}`;
const json = "Content-Type: application/json\r\n";

/** What the client gets, how the connection stands afterwards, and the call's one row. */
async function ask(bytes: string | Buffer, then: "stay" | "end" = "end", request = call) {
  answerWith = (socket) => {
    socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
    if (then === "end") socket.end();
  };
  const before = proxy.calls.length;
  using client = await openRaw(proxy.url);
  client.send(request);
  const [answer] = await client.answers(1);
  await proxy.recorded(before + 1);
  const row = newRow(proxy, before);
  expect(proxy.failures).toEqual([]);
  return { answer, row };
}

function headerOf(answer: StrictMessage | undefined, name: string): string | undefined {
  return answer?.headers.find(([each]) => each === name)?.[1];
}

async function expectServing(): Promise<void> {
  const { answer } = await ask(plainAnswer, "stay");
  expect(answer && statusOf(answer)).toBe(200);
}

const ok = "HTTP/1.1 200 OK\r\n";
const unreadable: Readonly<Record<string, string>> = {
  "no HTTP": "hello\r\n\r\n",
  "HTTP/0.9": '{"id":"x"}',
  "a status of four digits": "HTTP/1.1 2000 OK\r\n\r\n",
  "no status": "HTTP/1.1  OK\r\n\r\n",
  "two lengths that differ": `${ok}${json}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
  "a length beside chunked": `${ok}${json}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  "a length that is no number": `${ok}${json}Content-Length: 2x\r\n\r\n{}`,
  "a folded header": `${ok}X-A: b\r\n c\r\nContent-Length\r\n : 2\r\n\r\n{}`,
  "a header with a line feed alone": `${ok}X-A: b\nSet-Cookie: a=b\r\n\r\n{}`,
  "a header with a carriage return": `${ok}X-A: b\rSet-Cookie: a=b\r\n\r\n{}`,
  "a header with NUL": `${ok}X-A: b\0c\r\n\r\n{}`,
  "a header with DEL": `${ok}X-A: b\x7fc\r\n\r\n{}`,
  "a header without a name": `${ok}: b\r\n\r\n{}`,
  "a head of 1 MB": `${ok}X-A: ${"b".repeat(1_048_576)}\r\n\r\n{}`,
  "100,000 headers": `${ok}${"X-A: b\r\n".repeat(100_000)}\r\n{}`,
  "101 that nobody asked for":
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nraw",
  "nothing at all": "",
  "half a head": `${ok}Content-Type: appl`,
};

describe("an answer that is no HTTP", () => {
  test.each(Object.entries(unreadable))(
    "becomes a 502 in the caller's dialect, and one row: %s",
    async (_what, bytes) => {
      const { answer, row } = await ask(bytes);
      expect(answer && statusOf(answer)).toBe(502);
      expect(answer?.body.toString()).toContain("WEIR_UPSTREAM_");
      expect(JSON.stringify(answer?.headers)).not.toMatch(/set-cookie|x-a/);
      expect(row).toMatchObject({ status: 502, usage: { source: "missing" } });
      await expectServing();
    },
  );

  test.each([
    ["a length longer than the body", `${ok}${json}Content-Length: 99\r\n\r\n{}`],
    ["a chunk that is cut off", `${ok}${json}Transfer-Encoding: chunked\r\n\r\n9\r\n{}`],
    ["no last chunk", `${ok}${json}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n`],
    [
      "a chunk size that is no number",
      `${ok}${json}Transfer-Encoding: chunked\r\n\r\nxx\r\n{}\r\n0\r\n\r\n`,
    ],
    [
      "a chunk longer than it says",
      `${ok}${json}Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n`,
    ],
    ["broken gzip", `${ok}${json}Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}`],
    [
      "six codings",
      `${ok}${json}Content-Encoding: ${"gzip, ".repeat(6)}br\r\nContent-Length: 2\r\n\r\n{}`,
    ],
  ])("becomes a 502 as long as nothing of it has gone out: %s", async (_what, bytes) => {
    const { answer, row } = await ask(bytes);
    expect(answer && statusOf(answer)).toBe(502);
    expect(row.outcome).toMatch(/^upstream_(died|error)$/);
    await expectServing();
  });
});

describe("an answer that is odd", () => {
  test("bytes behind its end reach nobody, not even the next caller", async () => {
    const forged = `${ok}${json}X-Forged: 1\r\nContent-Length: 2\r\n\r\n{}`;
    const { answer } = await ask(`${plainAnswer}${forged}${forged}`, "stay");
    expect(answer && [statusOf(answer), answer.body.toString()]).toEqual([200, '{"id":"x"}']);
    for (let time = 0; time < 3; time += 1) {
      const next = await ask(plainAnswer, "stay");
      expect(headerOf(next.answer, "x-forged")).toBeUndefined();
      expect(next.answer?.body.toString()).toBe('{"id":"x"}');
    }
  });

  test("a 204 or a 304 with a body has none, and its body is no answer to the next", async () => {
    for (const status of [204, 304]) {
      const { answer, row } = await ask(
        `HTTP/1.1 ${status} x\r\n${json}Content-Length: 2\r\n\r\n{}`,
        "stay",
      );
      expect(answer && statusOf(answer)).toBe(status);
      expect(row.upstreamStatus).toBe(status);
      await expectServing();
    }
  });

  test.each([0, 1, 99, 600, 999])(
    "status %i is passed on as it is, or is a 502",
    async (status) => {
      const { answer, row } = await ask(
        `HTTP/1.1 ${String(status).padStart(3, "0")} x\r\n${json}Content-Length: 2\r\n\r\n{}`,
      );
      expect([status, 502, 504]).toContain(
        answer === undefined ? status : Number(answer.startLine.split(" ")[1]),
      );
      expect(row.status).toBeGreaterThanOrEqual(200);
      await expectServing();
    },
  );

  test("a hundred interim answers come before the one that counts", async () => {
    const hint = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\nX-Hint: 1\r\n\r\n";
    const { answer } = await ask(`${hint.repeat(100)}${plainAnswer}`);
    expect(answer && statusOf(answer)).toBe(200);
    expect(headerOf(answer, "x-hint")).toBeUndefined();
  });

  test("interim answers without end are cut off", async () => {
    const flood = { timer: setInterval(() => undefined, 1_000) };
    answerWith = (socket) => {
      clearInterval(flood.timer);
      flood.timer = setInterval(() => socket.write("HTTP/1.1 102 Processing\r\n\r\n"), 5);
      socket.on("close", () => clearInterval(flood.timer));
    };
    using client = await openRaw(proxy.url);
    client.send(call);
    const [answer] = await client.answers(1);
    expect(answer && statusOf(answer)).toBe(502);
    clearInterval(flood.timer);
    expect(proxy.calls).toHaveLength(1);
  }, 10_000);

  test("headers of one hop, of Weir and of the provider's key stay here; bytes above ASCII pass", async () => {
    const { answer } = await ask(
      `${ok}${json}Connection: keep-alive, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=9\r\nTrailer: X-T\r\nX-Weir-Call-Id: forged\r\nx-weir-decision-id: forged\r\nSet-Cookie: a=b\r\nX-Ratelimit-Remaining: 7\r\nOpenAI-Organization: o\r\nX-Latin: caf\xe9\r\nX-Latin: \xff\r\nX-Empty:\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-T: 1\r\n\r\n`,
    );
    expect(answer && statusOf(answer)).toBe(200);
    const names = answer?.headers.map(([name]) => name) ?? [];
    expect(names).not.toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^(x-hop|x-t|trailer|set-cookie|x-ratelimit-remaining|openai-organization)$/,
        ),
      ]),
    );
    expect(answer?.headers.filter(([name]) => name === "x-weir-call-id")).toEqual([
      ["x-weir-call-id", expect.not.stringContaining("forged")],
    ]);
    expect(JSON.stringify(answer?.headers)).not.toContain("forged");
    expect(
      answer?.headers
        .filter(([name]) => name === "x-latin")
        .map(([, value]) => value)
        .join(),
    ).toContain("caf\xe9");
  });

  test("a body that ends with its connection, and one in chunks with extensions, are whole", async () => {
    for (const bytes of [
      `${ok}${json}\r\n{"id":"x"}`,
      `${ok}${json}Transfer-Encoding: chunked\r\n\r\n5;a=b\r\n{"id"\r\n5\r\n:"x"}\r\n0\r\n\r\n`,
      `HTTP/1.0 200 OK\r\n${json}\r\n{"id":"x"}`,
    ]) {
      const { answer, row } = await ask(bytes);
      expect(answer && [statusOf(answer), answer.body.toString()]).toEqual([200, '{"id":"x"}']);
      expect(row.outcome).toBe("completed");
    }
  });

  test("a provider that falls silent at any place is not waited for longer than is set", async () => {
    const stream = `${ok}Content-Type: text/event-stream\r\n\r\ndata: {"choices":[]}\n\n`;
    for (const [bytes, status] of [
      ["", 504],
      [ok, 504],
      [`${ok}${json}Content-Length: 9\r\n\r\n{`, 504],
      [stream, 200],
    ] as const) {
      const { answer, row } = await ask(bytes, "stay");
      expect(answer && statusOf(answer)).toBe(status);
      expect(row.outcome).toBe("timeout");
    }
  }, 20_000);
});

describe("attack: an answer that unfolds to much more than it is", () => {
  test("does not fill the memory, however slowly its client reads", async () => {
    const bomb = gzipSync(Buffer.alloc(256 * 1_048_576, 0x20), { level: 9 });
    const compressed = `${ok}${json}Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`;
    answerWith = (socket) => socket.write(Buffer.concat([Buffer.from(compressed), bomb]));
    using client = await openRaw(proxy.url);
    client.socket.pause();
    client.send(call);
    const begun = process.memoryUsage().rss;
    // As long as it takes others to be served many times over.
    for (let time = 0; time < 200; time += 1) {
      const answer = await fetch(`${proxy.url}/v1/nothing`);
      await answer.arrayBuffer();
    }
    expect(process.memoryUsage().rss - begun).toBeLessThan(96 * 1_048_576);
    client.socket.destroy();
    const [row] = await proxy.recorded(1);
    expect(row?.outcome).toBe("client_abort");
    expect(row?.responseBytes).toBeLessThan(64 * 1_048_576);
  }, 20_000);

  test("is cut where it breaks off", async () => {
    const whole = gzipSync(Buffer.from(`{"id":"${"x".repeat(100_000)}"}`));
    const cut = whole.subarray(0, whole.length - 9);
    const { answer, row } = await ask(
      Buffer.concat([
        Buffer.from(`${ok}${json}Content-Encoding: gzip\r\nContent-Length: ${cut.length}\r\n\r\n`),
        cut,
      ]),
    );
    expect(answer && statusOf(answer)).toBe(502);
    expect(row.outcome).toBe("upstream_died");
  });
});

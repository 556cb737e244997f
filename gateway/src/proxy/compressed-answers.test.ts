import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import {
  chat,
  chatAnswer,
  json,
  messages,
  messagesStream,
  post,
  sse,
  start,
} from "./testing/serve.ts";
import { writePackets } from "./testing/start-scripted-upstream.ts";

const codings = {
  gzip: gzipSync,
  "x-gzip": gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
} as const;

const answers = [
  { what: "JSON", path: "/v1/chat/completions", body: chat, head: json, plain: chatAnswer },
  {
    what: "a stream",
    path: "/v1/messages",
    body: { ...messages, stream: true },
    head: sse,
    plain: messagesStream,
  },
];

const cases = Object.entries(codings).flatMap(([coding, encode]) =>
  answers.map((answer) => Object.assign({ coding, encode }, answer)),
);

test.each(cases)(
  "$what that comes in $coding though nobody asked is undone and metered, wherever its packets are cut",
  async ({ coding, encode, path, body, head, plain }) => {
    const whole = encode(plain);
    let cut = 0;
    const { proxy, upstream } = await start(async (_request, response) => {
      response.writeHead(200, { ...head, "content-encoding": coding });
      await writePackets(response, [whole.subarray(0, cut), whole.subarray(cut)]);
      response.end();
    });
    const cuts = [1, 2, 5, 11, Math.floor(whole.length / 2), whole.length - 9, whole.length - 1];
    for (cut of cuts) {
      const response = await post(proxy, path, body, { "accept-encoding": "gzip, br, zstd" });
      expect(await response.text(), `cut at ${cut}`).toBe(plain);
      expect(response.headers.get("content-encoding")).toBeNull();
    }
    expect(upstream.requests[0]?.headers["accept-encoding"]).toBe("identity");
    for (const call of await proxy.recorded(cuts.length)) {
      expect(call).toMatchObject({
        outcome: "completed",
        usage: { source: "provider_final", tokens: { inputUncached: 11, outputVisible: 5 } },
      });
    }
  },
);

test.each(cases)("$what in $coding that breaks off is not taken for whole", async (each) => {
  const whole = each.encode(each.plain);
  const { proxy } = await start((_request, response) => {
    response
      .writeHead(200, { ...each.head, "content-encoding": each.coding })
      .end(whole.subarray(0, -12));
  });
  const response = await post(proxy, each.path, each.body);
  expect(await response.text()).toContain("WEIR_UPSTREAM_DIED");
  expect((await proxy.recorded(1))[0]).toMatchObject({ outcome: "upstream_died" });
});

test.each(Object.entries(codings))(
  "an error in %s is readable, and its status the provider's",
  async (coding, encode) => {
    const error = '{"error":{"message":"überlastet"}}';
    const { proxy } = await start((_request, response) => {
      response.writeHead(429, { ...json, "content-encoding": coding }).end(encode(error));
    });
    const response = await post(proxy, "/v1/chat/completions", chat);
    expect([response.status, await response.text()]).toEqual([429, error]);
  },
);

test("a coding that nobody here knows passes as it is, and its usage is missing, not nothing", async () => {
  const bytes = "!sdrawkcab";
  const { proxy } = await start((_request, response) => {
    response.writeHead(200, { ...json, "content-encoding": "x-backwards" }).end(bytes);
  });
  const response = await post(proxy, "/v1/chat/completions", chat);
  expect(response.headers.get("content-encoding")).toBe("x-backwards");
  expect(await response.text()).toBe(bytes);
  expect((await proxy.recorded(1))[0]).toMatchObject({
    usage: { source: "missing", tokens: null },
    cost: { status: "unpriced", microUsd: null },
  });
});

test("bytes that are not what their coding says are a provider's failure", async () => {
  const { proxy } = await start((_request, response) => {
    response.writeHead(200, { ...json, "content-encoding": "gzip" }).end(chatAnswer);
  });
  const response = await post(proxy, "/v1/chat/completions", chat);
  expect(response.status).toBe(502);
  expect((await proxy.recorded(1))[0]).toMatchObject({ outcome: "upstream_died" });
});

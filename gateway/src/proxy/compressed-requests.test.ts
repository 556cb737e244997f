import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import type { PolicyInput } from "../contracts/policy-input.ts";
import { chat, chatAnswer, json, start } from "./testing/serve.ts";
import { allow, testKey } from "./testing/start-test-proxy.ts";
import type { TestProxyOptions } from "./testing/test-proxy-options.ts";

const body = JSON.stringify({ ...chat, tools: [{ type: "function", function: { name: "日本" } }] });
const codings = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
} as const;

async function startFor(options: Omit<TestProxyOptions, "upstreamUrl"> = {}) {
  const { proxy, upstream } = await start((_request, response) => {
    response.writeHead(200, json).end(chatAnswer);
  }, options);
  const send = (bytes: Buffer<ArrayBuffer> | string, encoding: string) =>
    fetch(`${proxy.url}/v1/chat/completions`, {
      method: "POST",
      headers: { ...json, authorization: `Bearer ${testKey}`, "content-encoding": encoding },
      body: bytes,
    });
  return { proxy, upstream, send };
}

test.each(Object.entries(codings))(
  "a body in %s is decided on and sent in plain, and its size is what came",
  async (coding, encode) => {
    const inputs: PolicyInput[] = [];
    const policy = (input: PolicyInput) => {
      inputs.push(input);
      return allow;
    };
    const { proxy, upstream, send } = await startFor({ policy });
    const sent = encode(body);
    expect((await send(sent, coding)).status).toBe(200);
    expect(upstream.requests[0]?.body).toBe(body);
    expect(upstream.requests[0]?.headers["content-encoding"]).toBeUndefined();
    expect(upstream.requests[0]?.headers["content-length"]).toBe(String(Buffer.byteLength(body)));
    expect(inputs).toMatchObject([{ call: { model: "m-1", toolNames: ["日本"] } }]);
    expect((await proxy.recorded(1))[0]?.requestBytes).toBe(sent.length);
  },
);

test.each([
  ["an unknown coding", "compress", Buffer.from(body), 415, "WEIR_ENCODING_UNSUPPORTED"],
  ["three codings", "gzip, gzip, gzip", Buffer.from(body), 415, "WEIR_ENCODING_UNSUPPORTED"],
  ["another coding than it says", "gzip", zstdCompressSync(body), 400, "WEIR_ENCODING_INVALID"],
  ["a cut one", "zstd", zstdCompressSync(body).subarray(0, -4), 400, "WEIR_ENCODING_INVALID"],
  ["no JSON in it", "gzip", gzipSync("model=m-1"), 400, "WEIR_BODY_NOT_JSON"],
  ["a bomb", "gzip", gzipSync(Buffer.alloc(10_000_000, " ")), 413, "WEIR_BODY_TOO_LARGE"],
  [
    "a bomb in a bomb",
    "br, gzip",
    gzipSync(brotliCompressSync(Buffer.alloc(10_000_000))),
    413,
    "WEIR_BODY_TOO_LARGE",
  ],
])(
  "attack: a body with %s is refused with its own code, and nobody is asked",
  async (_what, encoding, bytes, status, code) => {
    const { proxy, upstream, send } = await startFor();
    const response = await send(bytes, encoding);
    expect([response.status, await response.text()]).toEqual([
      status,
      expect.stringContaining(code),
    ]);
    expect(upstream.requests).toEqual([]);
    expect((await proxy.recorded(1))[0]).toMatchObject({ errorCode: code, attempts: 0 });
  },
);

test("attack: what small bodies unfold to counts against the room of all calls, and is given back", async () => {
  const { proxy, send } = await startFor({ maxBodyBytesInMemory: 30_000 });
  const unfolds = gzipSync(JSON.stringify({ ...chat, pad: "x".repeat(40_000) }));
  expect(unfolds.length).toBeLessThan(1_000);
  expect((await send(unfolds, "gzip")).status).toBe(503);
  await proxy.recorded(1);
  for (let count = 0; count < 3; count += 1) {
    const fits = gzipSync(JSON.stringify({ ...chat, pad: "x".repeat(20_000) }));
    const response = await send(fits, "gzip");
    await response.text();
    expect(response.status).toBe(200);
  }
});

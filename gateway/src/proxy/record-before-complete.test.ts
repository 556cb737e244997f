import { expect, test } from "vitest";
import {
  chat,
  messages,
  json,
  sse,
  chatAnswer,
  messagesStream,
  start,
  post,
} from "./testing/serve.ts";

test("no client sees an answer complete before its call is in the spool", async () => {
  const gate = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const { proxy } = await start(
    (_request, response) => {
      response.writeHead(200, sse).end(messagesStream);
    },
    {
      beforeRecord: async () => {
        asked.resolve();
        await gate.promise;
      },
    },
  );
  const response = await post(proxy, "/v1/messages", { ...messages, stream: true });
  const reader = response.body?.getReader();
  const first = await reader?.read();
  const seen = Buffer.from(first?.value ?? []).toString();
  expect(seen).toContain("content_block_delta");
  expect(seen).not.toContain("message_stop");
  await asked.promise;
  const rest = reader?.read();
  expect(await Promise.race([rest, Promise.resolve("still held")])).toBe("still held");
  gate.resolve();
  expect(Buffer.from((await rest)?.value ?? []).toString()).toContain("message_stop");
});

test.each([
  ["JSON", "/v1/chat/completions", chat, 503],
  ["a stream", "/v1/messages", { ...messages, stream: true }, 200],
])(
  "an answer (%s) whose row cannot be written never looks complete",
  async (_kind, path, body, status) => {
    const { proxy } = await start(
      (request, response) => {
        const streamed = request.path === "/v1/messages";
        response.writeHead(200, streamed ? sse : json).end(streamed ? messagesStream : chatAnswer);
      },
      { beforeRecord: () => Promise.reject(new Error("disk full")) },
    );
    const response = await post(proxy, path, body);
    expect(response.status).toBe(status);
    const text = await response.text();
    expect(text).toContain("WEIR_SPOOL_FULL");
    expect(text).not.toContain("message_stop");
    expect(proxy.failures).toContain("call could not be recorded");
  },
);

test("a full spool refuses calls before the provider is asked", async () => {
  const { proxy, upstream } = await start(() => {}, { hasRoom: () => false });
  const response = await post(proxy, "/v1/messages", messages);
  expect(response.status).toBe(503);
  expect(response.headers.get("retry-after")).toBe("2");
  expect(upstream.requests).toEqual([]);
  expect((await proxy.recorded(1))[0]).toMatchObject({ outcome: "unavailable" });
});

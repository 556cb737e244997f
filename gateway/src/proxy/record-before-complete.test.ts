import { expect, test } from "vitest";
import { SpoolFullError, SpoolWriteError } from "../ledger/spool/errors.ts";
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

test("a decision that found the spool full is recorded with its call, which had room again", async () => {
  const { proxy } = await start(
    (_request, response) => {
      response.writeHead(200, json).end(chatAnswer);
    },
    { beforeDecision: () => Promise.reject(new SpoolFullError("disk")) },
  );
  const response = await post(proxy, "/v1/chat/completions", chat);
  expect(response.status).toBe(200);
  expect(await response.text()).toBe(chatAnswer);
  const ids = proxy.decisions.map(({ decision }) => decision.id);
  expect(ids).toEqual([response.headers.get("x-weir-decision-id")]);
});

test("a call whose decision may or may not be on the disk never looks complete", async () => {
  const { proxy } = await start(
    (_request, response) => {
      response.writeHead(200, json).end(chatAnswer);
    },
    { beforeDecision: () => Promise.reject(new SpoolWriteError("sync")) },
  );
  const response = await post(proxy, "/v1/chat/completions", chat);
  expect(response.status).toBe(503);
  expect(await response.text()).toContain("WEIR_SPOOL_FULL");
  expect(proxy.decisions).toEqual([]);
});

test("a full spool refuses calls before the provider is asked", async () => {
  const { proxy, upstream } = await start(() => {}, { hasRoom: () => false });
  const response = await post(proxy, "/v1/messages", messages);
  expect(response.status).toBe(503);
  expect(response.headers.get("retry-after")).toBe("2");
  expect(upstream.requests).toEqual([]);
  expect((await proxy.recorded(1))[0]).toMatchObject({ outcome: "unavailable" });
});

test("what a provider sends after the end of its answer is not piled up while the call is recorded", async () => {
  const gate = Promise.withResolvers<void>();
  const tail = Buffer.alloc(65_536, ":");
  const tails = 1_000;
  let sent = 0;
  const { proxy } = await start(
    (_request, response) => {
      response.writeHead(200, sse).write(messagesStream);
      const more = () => {
        while (sent < tails) {
          sent += 1;
          if (!response.write(tail)) {
            response.once("drain", more);
            return;
          }
        }
        response.end();
      };
      more();
    },
    { beforeRecord: () => gate.promise },
  );
  const response = await post(proxy, "/v1/messages", { ...messages, stream: true });
  const body = response.arrayBuffer();
  // Sockets hold a few packets; a proxy that reads on would take all of them.
  let before = -1;
  await expect
    .poll(
      () => {
        const stalled = sent === before && sent > 0;
        before = sent;
        return stalled;
      },
      { interval: 200 },
    )
    .toBe(true);
  expect(sent).toBeLessThan(tails);
  gate.resolve();
  expect((await body).byteLength).toBe(Buffer.byteLength(messagesStream) + tails * tail.length);
});

test("a failure of our own after the provider was asked leaves a row all the same", async () => {
  const { proxy } = await start(
    (_request, response) => {
      response.writeHead(200, json).end(chatAnswer);
    },
    {
      pricer: {
        price: () => {
          throw new Error("a bug");
        },
      },
    },
  );
  const response = await post(proxy, "/v1/chat/completions", chat);
  expect(response.status).toBe(500);
  expect(await response.text()).toContain("WEIR_INTERNAL");
  expect(await proxy.recorded(1)).toEqual([
    expect.objectContaining({ outcome: "internal_error", errorCode: "WEIR_INTERNAL" }),
  ]);
  expect(proxy.failures).toContain("call failed before it was answered");
});

import { expect, test } from "vitest";
import { anthropicStream } from "../translate/testing/answers.ts";
import { ask, cutShort, json, sse, start } from "../translate/testing/serve-translated.ts";

test.each([
  ["in good order", (end: () => void) => end()],
  ["at once", (_end: () => void, destroy: () => void) => destroy()],
])("a provider that breaks off %s leaves no stream that looks complete", async (_how, breakOff) => {
  const { server } = await start((_request, response) => {
    response.writeHead(200, sse).write(anthropicStream.slice(0, cutShort), () =>
      breakOff(
        () => response.end(),
        () => response.destroy(),
      ),
    );
  });
  const response = await ask(server.url, true);
  const text = await response.text();
  expect(text).toContain("Hm, ");
  expect(text).not.toContain("[DONE]");
  expect(text).toMatch(/: broken off\n\n$/);
  const [{ relayed } = {}] = await server.ending(1);
  expect(relayed).toMatchObject({
    end: "failed",
    upstreamStatus: 200,
    begun: true,
    streamed: true,
  });
});

test("a provider that cannot be reached is a failure without a status", async () => {
  const { server, upstream } = await start(() => {});
  await upstream.close();
  const response = await ask(server.url, true);
  expect(response.status).toBe(502);
  const [{ relayed } = {}] = await server.ending(1);
  expect(relayed).toMatchObject({
    end: "failed",
    upstreamStatus: 0,
    begun: false,
    error: expect.any(Error),
  });
});

test("an answer that cannot be read fails before the client has any of it", async () => {
  const { server } = await start((_request, response) => {
    response.writeHead(200, json).end('{"type":"message","content":');
  });
  const response = await ask(server.url, false);
  expect(response.status).toBe(502);
  const [{ relayed } = {}] = await server.ending(1);
  expect(relayed).toMatchObject({
    end: "failed",
    begun: false,
    error: { code: "WEIR_ANSWER_UNREADABLE" },
  });
});

test("an error answer reaches the client with its status and its wish to be asked again later", async () => {
  const { server } = await start((_request, response) => {
    response
      .writeHead(429, { ...json, "retry-after": "3" })
      .end('{"type":"error","error":{"type":"rate_limit_error","message":"Slow down."}}');
  });
  const response = await ask(server.url, true);
  expect(response.status).toBe(429);
  expect(response.headers.get("retry-after")).toBe("3");
  expect(await response.json()).toMatchObject({ error: { message: "Slow down." } });
  const [{ relayed } = {}] = await server.ending(1);
  expect(relayed).toMatchObject({ end: "complete", upstreamStatus: 429 });
});

test("an error answer that is to be tried again is not translated", async () => {
  const { server } = await start(
    (_request, response) => {
      response.writeHead(529, { ...json, "retry-after": "3" }).end("{}");
    },
    { isRetryable: (status) => status >= 500 },
  );
  await ask(server.url, true);
  const [{ relayed } = {}] = await server.ending(1);
  expect(relayed).toMatchObject({
    end: "retryable",
    upstreamStatus: 529,
    retryAfterMs: 3_000,
    begun: false,
  });
});

test("what a provider sends after the end of its answer is neither kept nor read for ever", async () => {
  const closed = Promise.withResolvers<void>();
  const { server } = await start((_request, response) => {
    response.once("close", () => closed.resolve());
    response.writeHead(200, sse).write(anthropicStream);
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536, ":")));
      if (!response.destroyed) response.once("drain", more);
    };
    more();
  });
  const response = await ask(server.url, true);
  expect(await response.text()).toContain("[DONE]");
  await closed.promise;
});

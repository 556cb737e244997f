import { once } from "node:events";
import { expect, test } from "vitest";
import { writePackets } from "../testing/start-scripted-upstream.ts";
import { anthropicJson, anthropicStream, openAiStream } from "../translate/testing/answers.ts";
import { ask, cutShort, json, ping, sse, start } from "../translate/testing/serve-translated.ts";

test("the tap reads the provider's own bytes, the client the translated ones under our headers", async () => {
  const { server, upstream } = await start((_request, response) => {
    response.writeHead(200, { ...sse, "set-cookie": "no" }).end(anthropicStream);
  });
  const response = await ask(server.url, true);
  expect(response.headers.get("x-request-id")).toBe("ours");
  expect(response.headers.get("set-cookie")).toBeNull();
  expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  expect(await response.text()).toMatch(/data: \[DONE\]\n\n$/);
  const [{ relayed, tapped } = {}] = await server.ending(1);
  expect(tapped?.toString()).toBe(anthropicStream);
  expect(relayed).toMatchObject({
    end: "complete",
    upstreamStatus: 200,
    upstreamRequestId: "req_u",
    responseBytes: Buffer.byteLength(anthropicStream),
    begun: true,
    streamed: true,
    firstByteAt: expect.any(Number),
  });
  expect(upstream.requests[0]?.path).toBe("/v1/messages");
  expect(JSON.parse(upstream.requests[0]?.body ?? "")).toMatchObject({ model: "m", stream: true });
});

test.each([true, false])(
  "what completes an answer (stream: %s) is held until the call has been recorded",
  async (stream) => {
    const gate = Promise.withResolvers<void>();
    const { server } = await start(
      (_request, response) => {
        response.writeHead(200, stream ? sse : json).end(stream ? anthropicStream : anthropicJson);
      },
      { beforeRelease: () => gate.promise },
    );
    const asked = ask(server.url, stream);
    let text = "";
    let ended = false;
    const read = (async () => {
      for await (const chunk of (await asked).body ?? []) text += Buffer.from(chunk).toString();
      ended = true;
    })();
    if (stream) await expect.poll(() => text).toContain('"finish_reason":"tool_calls"');
    expect(text).not.toContain(stream ? "[DONE]" : "chat.completion");
    expect(ended).toBe(false);
    gate.resolve();
    await read;
    expect(text).toContain(stream ? "[DONE]" : "chat.completion");
  },
);

test("a stream goes to the client as it comes, not when it is whole", async () => {
  const gate = Promise.withResolvers<void>();
  const cut = anthropicStream.indexOf("\r\n\r\n", anthropicStream.indexOf("日本")) + 4;
  const { server } = await start(async (_request, response) => {
    response.writeHead(200, sse).write(anthropicStream.slice(0, cut));
    await gate.promise;
    response.end(anthropicStream.slice(cut));
  });
  const response = await ask(server.url, true);
  let text = "";
  let seenBefore = "";
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (seenBefore !== "" || !text.includes("日本")) continue;
    seenBefore = text;
    gate.resolve();
  }
  expect(seenBefore).not.toContain("😀");
  expect(text).toContain("[DONE]");
});

test("an answer is complete at its last event though the provider keeps the connection open", async () => {
  const { server } = await start(
    (_request, response) => {
      response.writeHead(200, sse).write(openAiStream);
    },
    { providerDialect: "openai" },
  );
  const response = await fetch(`${server.url}/v1/messages`, {
    method: "POST",
    body: JSON.stringify({
      model: "m",
      max_tokens: 5,
      stream: true,
      messages: [{ role: "user", content: "hi" }],
    }),
  });
  expect(await response.text()).toContain("message_stop");
});

test("a client that leaves stops the provider", async () => {
  const left = Promise.withResolvers<void>();
  const { server } = await start((_request, response) => {
    response.once("close", () => left.resolve());
    response.writeHead(200, sse).write(anthropicStream.slice(0, cutShort));
  });
  const leaving = new AbortController();
  const response = await ask(server.url, true, leaving.signal);
  await response.body?.getReader().read();
  leaving.abort();
  await left.promise;
  const [{ relayed } = {}] = await server.ending(1);
  expect(relayed?.end).toBe("client_abort");
});

test("a client that leaves before the answer begins stops the provider", async () => {
  const left = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  const { server } = await start((_request, response) => {
    response.once("close", () => left.resolve());
    arrived.resolve();
  });
  const leaving = new AbortController();
  const asked = ask(server.url, true, leaving.signal).catch((error: unknown) => error);
  await arrived.promise;
  leaving.abort();
  await left.promise;
  await asked;
  const [{ relayed } = {}] = await server.ending(1);
  expect(relayed).toMatchObject({ end: "client_abort", begun: false, upstreamStatus: 0 });
});

test("a provider is heard out for its bill when the client has left, as far as the bounds go", async () => {
  const noticed = new AbortController();
  const { server } = await start(
    async (_request, response) => {
      response.writeHead(200, sse).write(anthropicStream.slice(0, cutShort));
      // The bounds are asked only once the relay knows that the client has left.
      while (!noticed.signal.aborted) await writePackets(response, [Buffer.from(ping)]);
      response.end(anthropicStream.slice(cutShort));
    },
    { drain: { maxMs: 10_000, isEnough: () => (noticed.abort(), false) } },
  );
  const leaving = new AbortController();
  const response = await ask(server.url, true, leaving.signal);
  await response.body?.getReader().read();
  leaving.abort();
  const [{ relayed, tapped } = {}] = await server.ending(1);
  expect(relayed?.end).toBe("client_abort");
  expect(tapped?.toString()).toContain("message_stop");
});

test("a provider is not heard out further than the bounds go", async () => {
  const closed = Promise.withResolvers<void>();
  const { server } = await start(
    async (_request, response) => {
      response.once("close", () => closed.resolve());
      response.writeHead(200, sse).write(anthropicStream.slice(0, cutShort));
      while (!response.destroyed) await writePackets(response, [Buffer.from(ping)]);
    },
    { drain: { maxMs: 10_000, isEnough: () => true } },
  );
  const leaving = new AbortController();
  const response = await ask(server.url, true, leaving.signal);
  await response.body?.getReader().read();
  leaving.abort();
  await closed.promise;
  const [{ relayed } = {}] = await server.ending(1);
  expect(relayed?.end).toBe("client_abort");
});

test("a client that reads slowly slows the provider down, and loses nothing", async () => {
  const delta = `event: content_block_delta\ndata: ${JSON.stringify({ type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "x".repeat(60_000) } })}\n\n`;
  const at = anthropicStream.indexOf(
    "event: content_block_delta",
    anthropicStream.indexOf('"text":""'),
  );
  const deltas = 300;
  let sent = 0;
  const { server } = await start(async (_request, response) => {
    response.writeHead(200, sse).write(anthropicStream.slice(0, at));
    for (; sent < deltas; sent += 1) if (!response.write(delta)) await once(response, "drain");
    response.end(anthropicStream.slice(at));
  });
  const response = await ask(server.url, true);
  // Sockets hold a few packets; a relay that reads on would take all of them.
  let before = -1;
  await expect
    .poll(
      () => {
        const stalled = sent === before && sent > 0;
        before = sent;
        return stalled;
      },
      { interval: 200, timeout: 5_000 },
    )
    .toBe(true);
  expect(sent).toBeLessThan(deltas);
  const text = await response.text();
  expect(text.split("x".repeat(60_000))).toHaveLength(deltas + 1);
  expect(text).toContain("[DONE]");
}, 20_000);

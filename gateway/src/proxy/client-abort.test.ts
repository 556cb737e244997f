import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { clientGoneFrom } from "./testing/client-gone-from.ts";
import {
  chat,
  chatAnswer,
  chatStream,
  json,
  messages,
  messagesStream,
  sse,
  start,
} from "./testing/serve.ts";
import { writePackets } from "./testing/start-scripted-upstream.ts";
import { testKey, type TestProxy } from "./testing/start-test-proxy.ts";
import type { TestProxyOptions } from "./testing/test-proxy-options.ts";

const paths = { chat: "/v1/chat/completions", messages: "/v1/messages" };
const streams = { chat: chatStream, messages: messagesStream };
/** Up to the first words of the answer. */
const begun = {
  chat: chatStream.indexOf(": keep-alive"),
  messages: messagesStream.indexOf("event: message_delta"),
};
type Wire = keyof typeof paths;
const wires: Wire[] = ["chat", "messages"];
const bodies = { chat: { ...chat, stream: true }, messages: { ...messages, stream: true } };

/** Sends a call, reads as much as is said, leaves, and waits until the proxy knows. */
async function callAndLeave(
  proxy: TestProxy,
  { path, body, isRead = true }: { path: string; body: object; isRead?: boolean },
): Promise<void> {
  const gone = clientGoneFrom(proxy.url);
  const aborter = new AbortController();
  const call = fetch(`${proxy.url}${path}`, {
    method: "POST",
    headers: { ...json, authorization: `Bearer ${testKey}` },
    body: JSON.stringify(body),
    signal: aborter.signal,
  });
  call.catch(() => undefined);
  if (isRead) await (await call).body?.getReader().read();
  else await proxyHasAsked(proxy);
  aborter.abort();
  await gone;
}

/** A policy decision is the last that happens before the provider is asked. */
async function proxyHasAsked({ decisions }: TestProxy): Promise<void> {
  while (decisions.length === 0) await new Promise((resolve) => setImmediate(resolve));
}

/** A provider that begins an answer, and goes on with it when it is told to. */
async function startTwoPart(
  answer: (response: ServerResponse, goOn: Promise<void>) => Promise<void>,
  options: Omit<TestProxyOptions, "upstreamUrl"> = {},
) {
  const goOn = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<"whole" | "broken">();
  const { proxy } = await start(async (_request, response) => {
    response.once("close", () => closed.resolve(response.writableFinished ? "whole" : "broken"));
    await answer(response, goOn.promise);
  }, options);
  return { proxy, goOn: goOn.resolve, closed: closed.promise };
}

const inTwo = (wire: Wire) => async (response: ServerResponse, goOn: Promise<void>) => {
  const whole = Buffer.from(streams[wire]);
  const at = Buffer.byteLength(streams[wire].slice(0, begun[wire]));
  response.writeHead(200, sse);
  await writePackets(response, [whole.subarray(0, at)]);
  await goOn;
  response.end(whole.subarray(at));
};

describe("drained", () => {
  const metering = { onClientAbort: "drain" as const };

  test.each(wires)("a %s stream is heard out, and its bill is the provider's own", async (wire) => {
    const { proxy, goOn, closed } = await startTwoPart(inTwo(wire), { metering });
    await callAndLeave(proxy, { path: paths[wire], body: bodies[wire] });
    expect(proxy.calls).toEqual([]);
    goOn();
    expect((await proxy.recorded(1))[0]).toMatchObject({
      outcome: "client_abort",
      errorCode: "",
      usage: {
        tokens: { inputUncached: 11, outputVisible: 5 },
        source: "provider_final",
        streamEnd: "client_abort",
      },
      cost: { status: "priced" },
    });
    expect(await closed).toBe("whole");
    expect(proxy.failures).toEqual([]);
  });

  test("an answer in one piece is heard out though its client has seen nothing of it", async () => {
    const { proxy, goOn } = await startTwoPart(
      async (response, goingOn) => {
        await goingOn;
        response.writeHead(200, json).end(chatAnswer);
      },
      { metering },
    );
    await callAndLeave(proxy, { path: paths.chat, body: chat, isRead: false });
    goOn();
    expect((await proxy.recorded(1))[0]).toMatchObject({
      outcome: "client_abort",
      status: 0,
      upstreamStatus: 200,
      usage: { source: "provider_final", streamEnd: "client_abort", tokens: { outputVisible: 5 } },
    });
  });

  test("a stream that begins only after its client has gone is heard out all the same", async () => {
    const { proxy, goOn } = await startTwoPart(
      async (response, goingOn) => {
        await goingOn;
        response.writeHead(200, sse).end(messagesStream);
      },
      { metering },
    );
    await callAndLeave(proxy, { path: paths.messages, body: bodies.messages, isRead: false });
    goOn();
    expect((await proxy.recorded(1))[0]).toMatchObject({
      outcome: "client_abort",
      status: 0,
      usage: { source: "provider_final", streamEnd: "client_abort" },
    });
    expect(proxy.failures).toEqual([]);
  });

  test("a stream is left after as much output as is allowed, and estimated", async () => {
    const delta = `data: {"choices":[{"delta":{"content":"${"word ".repeat(20)}"}}]}\n\n`;
    const { proxy, goOn, closed } = await startTwoPart(
      async (response, goingOn) => {
        response.writeHead(200, sse);
        await writePackets(response, [Buffer.from(delta)]);
        await goingOn;
        while (!response.destroyed) await writePackets(response, [Buffer.from(delta)]);
      },
      { metering: { ...metering, drainMaxTokens: 100 } },
    );
    await callAndLeave(proxy, { path: paths.chat, body: bodies.chat });
    goOn();
    expect(await closed).toBe("broken");
    const [call] = await proxy.recorded(1);
    expect(call).toMatchObject({
      outcome: "client_abort",
      usage: { source: "estimated", streamEnd: "client_abort" },
    });
    expect(call?.usage.tokens?.outputVisible).toBeGreaterThanOrEqual(80);
    expect(call?.usage.tokens?.outputVisible).toBeLessThan(300);
  });

  test("a provider that falls silent is left after the time that is allowed", async () => {
    const { proxy, closed } = await startTwoPart(
      async (response) => {
        response.writeHead(200, sse);
        await writePackets(response, [Buffer.from(messagesStream.slice(0, begun.messages))]);
      },
      { metering: { ...metering, drainMaxMs: 30 } },
    );
    await callAndLeave(proxy, { path: paths.messages, body: bodies.messages });
    expect(await closed).toBe("broken");
    expect((await proxy.recorded(1))[0]).toMatchObject({
      outcome: "client_abort",
      usage: { source: "estimated", streamEnd: "client_abort", tokens: { inputUncached: 11 } },
    });
  });

  test("a provider that fails afterwards leaves what it had told, marked as no last word", async () => {
    const { proxy, goOn } = await startTwoPart(
      async (response, goingOn) => {
        response.writeHead(200, sse);
        await writePackets(response, [Buffer.from(messagesStream.slice(0, begun.messages))]);
        await goingOn;
        response.destroy();
      },
      { metering: { ...metering, estimate: false } },
    );
    await callAndLeave(proxy, { path: paths.messages, body: bodies.messages });
    goOn();
    expect((await proxy.recorded(1))[0]).toMatchObject({
      outcome: "client_abort",
      usage: { source: "provider_partial", streamEnd: "client_abort" },
    });
  });

  test("a stream that waited for a slow client goes on when that one has left", async () => {
    const filler = `data: {"choices":[{"delta":{"content":"${"x".repeat(60_000)}"}}]}\n\n`;
    const { proxy } = await startTwoPart(
      async (response) => {
        response.writeHead(200, sse);
        for (let count = 0; count < 200; count += 1) response.write(filler);
        response.end(chatStream);
      },
      { metering: { ...metering, drainMaxTokens: 10_000_000 } },
    );
    await callAndLeave(proxy, { path: paths.chat, body: bodies.chat });
    expect((await proxy.recorded(1))[0]).toMatchObject({
      outcome: "client_abort",
      usage: { source: "provider_final", tokens: { inputUncached: 11 } },
    });
  });
});

describe("cancelled", () => {
  test.each([
    ["chat", { outputVisible: expect.any(Number) }],
    ["messages", { inputUncached: 11 }],
  ] as const)(
    "a %s stream is stopped at the provider, and its bill estimated",
    async (wire, tokens) => {
      const { proxy, closed } = await startTwoPart(inTwo(wire));
      await callAndLeave(proxy, { path: paths[wire], body: bodies[wire] });
      expect(await closed).toBe("broken");
      const [call] = await proxy.recorded(1);
      expect(call).toMatchObject({
        outcome: "client_abort",
        status: 200,
        usage: { source: "estimated", streamEnd: "client_abort", tokens },
        cost: { status: "priced" },
      });
      expect(call?.usage.tokens?.inputUncached).toBeGreaterThan(0);
      expect(call?.usage.tokens?.outputVisible).toBeGreaterThan(0);
    },
  );

  test("where estimates are switched off, what was told is partial and what was not is missing", async () => {
    const metering = { estimate: false };
    const untold = await startTwoPart(inTwo("chat"), { metering });
    await callAndLeave(untold.proxy, { path: paths.chat, body: bodies.chat });
    expect((await untold.proxy.recorded(1))[0]).toMatchObject({
      usage: { source: "missing", tokens: null, streamEnd: "client_abort" },
      cost: { status: "unpriced", microUsd: null },
    });
    const told = await startTwoPart(inTwo("messages"), { metering });
    await callAndLeave(told.proxy, { path: paths.messages, body: bodies.messages });
    expect((await told.proxy.recorded(1))[0]).toMatchObject({
      usage: { source: "provider_partial", tokens: { inputUncached: 11 } },
    });
  });

  test("a call that the provider has not begun to answer is stopped, and nothing made up", async () => {
    const { proxy, closed } = await startTwoPart(async () => undefined);
    await callAndLeave(proxy, { path: paths.chat, body: bodies.chat, isRead: false });
    expect(await closed).toBe("broken");
    expect((await proxy.recorded(1))[0]).toMatchObject({
      outcome: "client_abort",
      status: 0,
      upstreamStatus: 0,
      usage: { source: "missing", tokens: null, streamEnd: "client_abort" },
    });
  });
});

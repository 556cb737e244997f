/** What the pipeline's tests share: one upstream and one proxy a test, and the answers they play. */
import { afterEach } from "vitest";
import { startRawUpstream, type RawUpstream } from "./start-raw-upstream.ts";
import { startScriptedUpstream, type ScriptedUpstream } from "./start-scripted-upstream.ts";
import { startTestProxy, testKey, type TestProxy } from "./start-test-proxy.ts";
import type { TestProxyOptions } from "./test-proxy-options.ts";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

type Answer = Parameters<typeof startScriptedUpstream>[0];

export async function start(
  answer: Answer,
  options: Omit<TestProxyOptions, "upstreamUrl"> = {},
): Promise<{ upstream: ScriptedUpstream; proxy: TestProxy }> {
  const upstream = await startScriptedUpstream(answer);
  cleanups.push(() => upstream.close());
  const proxy = await startTestProxy({ ...options, upstreamUrl: upstream.url });
  cleanups.push(() => proxy.close());
  return { upstream, proxy };
}

/** As `start`, with an upstream that sees requests before their bodies are whole. */
export async function startRaw(
  answer: Parameters<typeof startRawUpstream>[0],
  options: Omit<TestProxyOptions, "upstreamUrl"> = {},
): Promise<{ upstream: RawUpstream; proxy: TestProxy }> {
  const upstream = await startRawUpstream(answer);
  cleanups.push(() => upstream.close());
  const proxy = await startTestProxy({ ...options, upstreamUrl: upstream.url });
  cleanups.push(() => proxy.close());
  return { upstream, proxy };
}

export const chat = { model: "m-1", messages: [{ role: "user", content: "hi" }] };
export const messages = { ...chat, max_tokens: 10 };

export function post(
  proxy: TestProxy,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
) {
  return fetch(`${proxy.url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${testKey}`, "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

export const json = { "content-type": "application/json" };
export const sse = { "content-type": "text/event-stream; charset=utf-8" };
export const usage = '{"prompt_tokens":11,"completion_tokens":5,"total_tokens":16}';
export const chatAnswer = `{"id":"c", "model":"m-1",\n "choices":[{"message":{"content":"日本 😀"}}],"usage": ${usage}}`;
export const chatStream =
  'data: {"model":"m-1","choices":[{"delta":{"role":"assistant"}}],"usage":null}\n\n' +
  'data: {"model":"m-1","choices":[{"delta":{"content":"日本"}}],"usage":null}\r\n\r\n' +
  ": keep-alive\n\n" +
  `data: {"model":"m-1","choices":[],"usage":${usage}}\n\n` +
  "data: [DONE]\n\n";
export const messagesStream =
  'event: message_start\ndata: {"type":"message_start","message":{"model":"m-1","usage":{"input_tokens":11,"output_tokens":1}}}\n\n' +
  'event: content_block_delta\ndata: {"type":"content_block_delta","delta":{"type":"text_delta","text":"é 😀"}}\n\n' +
  'event: message_delta\ndata: {"type":"message_delta","delta":{},"usage":{"output_tokens":5}}\n\n' +
  'event: message_stop\ndata: {"type":"message_stop"}\n\n';

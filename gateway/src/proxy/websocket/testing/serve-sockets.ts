/** What the tests of sockets share: an upstream and a proxy a test, and the messages they exchange. */
import { afterEach } from "vitest";
import type { WebSocket } from "ws";
import { startSimulator } from "../../../simulator/server.ts";
import { startTestProxy } from "../../testing/start-test-proxy.ts";
import type { TestProxyOptions } from "../../testing/test-proxy-options.ts";
import { type Script, startScriptedSocket } from "./start-scripted-socket.ts";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

type Options = Omit<TestProxyOptions, "upstreamUrl">;

export function provider(url: string, more: object = {}) {
  return {
    name: "test",
    dialect: "openai" as const,
    baseUrl: `${url}/v1`,
    models: ["*"],
    prices: { "*": { input: 1, output: 2 } },
    webSocket: true,
    ...more,
  };
}

export async function startProxy(url: string, options: Options = {}) {
  const proxy = await startTestProxy({ providers: [provider(url)], upstreamUrl: url, ...options });
  cleanups.push(() => proxy.close());
  return proxy;
}

export async function withSimulator(options: Options = {}) {
  const simulator = await startSimulator();
  cleanups.push(() => simulator.close());
  return { simulator, proxy: await startProxy(simulator.url, options) };
}

export async function startUpstream(script: Script) {
  const upstream = await startScriptedSocket(script);
  cleanups.push(() => upstream.close());
  return upstream;
}

export async function withScript(script: Script, options: Options = {}) {
  const upstream = await startUpstream(script);
  return { upstream, proxy: await startProxy(upstream.url, options) };
}

export const ask = (model: string, more: object = {}) => ({
  type: "response.create",
  model,
  store: false,
  input: [{ type: "message", role: "user", content: "say hi" }],
  ...more,
});

const usage = {
  input_tokens: 11,
  input_tokens_details: { cached_tokens: 3 },
  output_tokens: 5,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 16,
};

/** Spelled as no serialiser would, so that a copy shows. */
export const created = (id: string) =>
  `{"type":"response.created","sequence_number":0, "response":{"id":"${id}","model":"m-1","note":"\\u00e9 \\/ 1.0e2"}}`;
export const delta = (text: string) =>
  `{"type":"response.output_text.delta",\n "delta":${JSON.stringify(text)},"item_id":"i"}`;
export const completed = (id: string) =>
  `{"type":"response.completed","response":{"id":"${id}","model":"m-1","status":"completed","output":[],"usage":${JSON.stringify(usage)}} }`;

export function say(socket: WebSocket, ...texts: string[]): void {
  for (const text of texts) socket.send(text);
}

/** Answers each frame with a whole response. */
export function answersAll(): Script {
  let count = 0;
  return {
    onFrame: (_frame, socket) => {
      const id = `resp_${(count += 1)}`;
      say(socket, created(id), delta("日本 😀"), completed(id));
    },
  };
}

import { afterEach } from "vitest";
import { startScriptedUpstream } from "../../testing/start-scripted-upstream.ts";
import { anthropicStream } from "./answers.ts";
import { startTranslatingServer, type TranslatingOptions } from "./start-translating-server.ts";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

type Answer = Parameters<typeof startScriptedUpstream>[0];

/** One upstream and one translating server a test, from Anthropic to chat unless told otherwise. */
export async function start(answer: Answer, options: Partial<TranslatingOptions> = {}) {
  const upstream = await startScriptedUpstream(answer);
  cleanups.push(() => upstream.close());
  const server = await startTranslatingServer({
    upstreamUrl: upstream.url,
    providerDialect: "anthropic",
    ...options,
  });
  cleanups.push(() => server.close());
  return { upstream, server };
}

/** The end of an event in the middle of the stream. */
export const cutShort = anthropicStream.indexOf("\r\n\r\n", anthropicStream.indexOf("é.")) + 4;
export const ping = 'event: ping\ndata: {"type":"ping"}\n\n';

export const sse = { "content-type": "text/event-stream", "request-id": "req_u" };
export const json = { "content-type": "application/json" };

export function ask(url: string, stream: boolean, signal?: AbortSignal) {
  return fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({
      model: "alias-m",
      stream,
      messages: [{ role: "user", content: "hi" }],
    }),
    ...(signal === undefined ? {} : { signal }),
  });
}

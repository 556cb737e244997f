/** A proxy before a provider that sends exactly the bytes of a script, in packets, and may die. */
import { once } from "node:events";
import { type IncomingMessage, request as httpRequest } from "node:http";
import type { CallEvent } from "../../../contracts/call-event.ts";
import { start } from "../../testing/serve.ts";
import { writePackets } from "../../testing/start-scripted-upstream.ts";
import { testKey, type TestProxy, type TestProxyOptions } from "../../testing/start-test-proxy.ts";
import type { Example } from "./examples.ts";
import { newRow } from "./start-fuzzed.ts";

export interface Script {
  readonly contentType: string;
  readonly bytes: Buffer;
  /** Where packets end, in any order; beyond the end counts as the end. */
  readonly cuts: readonly number[];
  /** The connection breaks after the last byte. */
  readonly dies: boolean;
}

export interface Heard {
  /** 0 when no answer came. */
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
  /** The answer came to its proper end. */
  readonly whole: boolean;
  readonly row: CallEvent;
}

export interface Answering {
  readonly proxy: TestProxy;
  /** Plays the script for one call. @param leavesAfter bytes after which the client is gone; null = it stays. */
  play(example: Example, script: Script, leavesAfter?: number | null): Promise<Heard>;
}

export async function startAnswering(
  options: Omit<TestProxyOptions, "upstreamUrl"> = {},
): Promise<Answering> {
  const playing: { script?: Script } = {};
  const { proxy } = await start(async (_request, response) => {
    const { script } = playing;
    if (script === undefined) throw new Error("there is no script");
    response.writeHead(200, { "content-type": script.contentType });
    response.flushHeaders();
    response.on("error", () => undefined);
    await writePackets(response, packetsOf(script));
    if (script.dies) response.destroy();
    else response.end();
  }, options);
  return {
    proxy,
    play: async (example, script, leavesAfter = null) => {
      playing.script = script;
      const before = proxy.calls.length;
      const heard = await ask(proxy, example, leavesAfter);
      await proxy.recorded(before + 1);
      return { ...heard, row: newRow(proxy, before) };
    },
  };
}

function packetsOf({ bytes, cuts }: Script): Buffer[] {
  const ends = [...new Set([...cuts, bytes.length])]
    .filter((end) => end > 0 && end <= bytes.length)
    .toSorted((a, b) => a - b);
  return ends.map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end));
}

async function ask(
  proxy: TestProxy,
  example: Example,
  leavesAfter: number | null,
): Promise<Omit<Heard, "row">> {
  const headers = { authorization: `Bearer ${testKey}`, "content-type": example.contentType };
  const { method, path, bytes } = example;
  const request = httpRequest(`${proxy.url}${path}`, { method, headers, agent: false });
  request.on("error", () => undefined);
  request.end(bytes ?? undefined);
  const chunks: Buffer[] = [];
  let status = 0;
  let contentType = "";
  let whole = false;
  try {
    const [response] = await once(request, "response");
    const incoming: IncomingMessage = response;
    status = incoming.statusCode ?? 0;
    contentType = incoming.headers["content-type"] ?? "";
    let received = 0;
    if (leavesAfter === 0) request.destroy();
    for await (const chunk of incoming) {
      chunks.push(chunk);
      received += chunk.length;
      if (leavesAfter !== null && received >= leavesAfter) request.destroy();
    }
    whole = incoming.complete;
  } catch {
    // The connection broke; `whole` says so.
  }
  return { status, contentType, body: Buffer.concat(chunks), whole };
}

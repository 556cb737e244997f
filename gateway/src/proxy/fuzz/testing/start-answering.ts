/** A proxy before a provider that sends exactly the bytes of a script, in packets, and may die. */
import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request as httpRequest } from "node:http";
import type { CallEvent } from "../../../contracts/call-event.ts";
import { start } from "../../testing/serve.ts";
import { writePackets } from "../../testing/start-scripted-upstream.ts";
import { testKey, type TestProxy } from "../../testing/start-test-proxy.ts";
import type { TestProxyOptions } from "../../testing/test-proxy-options.ts";
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
  /**
   * Plays the script for one call.
   * @param leavesAfter so many bytes have been sent when the client leaves; null = it stays.
   */
  play(example: Example, script: Script, leavesAfter?: number | null): Promise<Heard>;
}

export async function startAnswering(
  options: Omit<TestProxyOptions, "upstreamUrl"> = {},
): Promise<Answering> {
  const playing: { script?: Script; leavesAfter?: number | null; leave?: () => Promise<void> } = {};
  const { proxy } = await start(async (_request, response) => {
    const { script, leavesAfter = null, leave } = playing;
    if (script === undefined) throw new Error("there is no script");
    response.writeHead(200, { "content-type": script.contentType });
    response.flushHeaders();
    response.on("error", () => undefined);
    if (leavesAfter === null) await writePackets(response, packetsOf(script));
    else {
      const { bytes, cuts } = script;
      await writePackets(response, packetsOf({ bytes: bytes.subarray(0, leavesAfter), cuts }));
      await leave?.();
      await writePackets(response, packetsOf({ bytes: bytes.subarray(leavesAfter), cuts }));
    }
    if (script.dies) response.destroy();
    else response.end();
  }, options);
  return {
    proxy,
    play: async (example, script, leavesAfter = null) => {
      const before = proxy.calls.length;
      const request = open(proxy, example);
      const leave = async () => {
        const { promise: closed, resolve } = Promise.withResolvers<void>();
        request.once("close", resolve);
        request.destroy();
        await closed;
      };
      Object.assign(playing, { script, leavesAfter, leave });
      const heard = await answerTo(request, example.bytes);
      await proxy.recorded(before + 1);
      return { ...heard, row: newRow(proxy, before) };
    },
  };
}

function packetsOf({ bytes, cuts }: Pick<Script, "bytes" | "cuts">): Buffer[] {
  const ends = [...new Set([...cuts, bytes.length])]
    .filter((end) => end > 0 && end <= bytes.length)
    .toSorted((a, b) => a - b);
  return ends.map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end));
}

function open(proxy: TestProxy, { method, path, contentType }: Example): ClientRequest {
  const headers = { authorization: `Bearer ${testKey}`, "content-type": contentType };
  const request = httpRequest(`${proxy.url}${path}`, { method, headers, agent: false });
  request.on("error", () => undefined);
  return request;
}

async function answerTo(request: ClientRequest, bytes: Buffer | null): Promise<Omit<Heard, "row">> {
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
    for await (const chunk of incoming) chunks.push(chunk);
    whole = incoming.complete;
  } catch {
    // The connection broke; `whole` says so.
  }
  return { status, contentType, body: Buffer.concat(chunks), whole };
}

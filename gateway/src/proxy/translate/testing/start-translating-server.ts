/** Serves clients of one dialect from an upstream of another: the real relay, over real sockets. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Pool } from "undici";
import { modelField } from "../../dialects/fields.ts";
import { parseBody } from "../../dialects/json-body.ts";
import type { BodyTap, DrainBounds, Relayed } from "../../forward/relayed.ts";
import { TranslatedRelay } from "../../forward/translated-relay.ts";
import { listen } from "../../listen.ts";
import { asRefusal } from "../../refusal.ts";
import { translatorFor } from "../translator-for.ts";

const END_OF_MESSAGE = /"message_stop"}\s+$/;

/** Keeps what passed, and knows the event that ends a stream. */
class RecordingTap implements BodyTap {
  readonly chunks: Buffer[] = [];
  complete = false;
  #tail = "";

  push(chunk: Buffer): Buffer | null {
    this.chunks.push(chunk);
    this.#tail = (this.#tail + chunk.toString("latin1")).slice(-64);
    this.complete ||= this.#tail.endsWith("[DONE]\n\n") || END_OF_MESSAGE.test(this.#tail);
    return null;
  }

  end(): void {}

  release(): Buffer | null {
    return null;
  }
}

export interface TranslatingServer {
  readonly url: string;
  /** Calls that have ended, with the bytes that the tap saw. */
  readonly ended: { relayed: Relayed; tapped: Buffer }[];
  ending(count: number): Promise<TranslatingServer["ended"]>;
  close(): Promise<void>;
}

export interface TranslatingOptions {
  upstreamUrl: string;
  providerDialect: "openai" | "anthropic" | "gemini";
  /** Awaited between a call's end and its release, as recording is. */
  beforeRelease?: () => Promise<void>;
  drain?: DrainBounds;
  isRetryable?: (status: number) => boolean;
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function startTranslatingServer(
  options: TranslatingOptions,
): Promise<TranslatingServer> {
  const upstream = new URL(options.upstreamUrl);
  const pool = new Pool(upstream.origin, { connections: 64, pipelining: 1 });
  const basePath = upstream.pathname.replace(/\/+$/, "");
  const ended: TranslatingServer["ended"] = [];
  let wake = Promise.withResolvers<void>();
  let ids = 0;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const operation = request.url?.startsWith("/v1/messages") ? "messages" : "chat.completions";
    const translator = translatorFor(operation, options.providerDialect);
    if (translator === null) throw new Error("no translation");
    const body = parseBody(await readAll(request), []);
    const model = modelField(body);
    const call = await translator.start(body, {
      model: model.replace("alias-", ""),
      modelRequested: model,
      stream: body["stream"] === true,
      callId: `call-${(ids += 1)}`,
      createdSeconds: 1_700_000_000,
      newId: () => `id-${(ids += 1)}`,
    });
    const tap = new RecordingTap();
    const relay = new TranslatedRelay({
      response,
      headers: { "x-request-id": "ours" },
      openTap: () => ({ tap, streamed: false, isChanged: false }),
      now: () => performance.now(),
      stallMs: 10_000,
      nowMs: () => Date.now(),
      isRetryable: options.isRetryable ?? (() => false),
      drain: options.drain ?? null,
      onHead: () => {},
      translated: call,
    });
    const { path, headers, body: sent } = call.request;
    pool.dispatch(
      { method: "POST", path: `${basePath}${path}`, headers: headers.flat(), body: sent },
      relay,
    );
    const relayed = await relay.ended;
    await options.beforeRelease?.();
    ended.push({ relayed, tapped: Buffer.concat(tap.chunks) });
    wake.resolve();
    wake = Promise.withResolvers<void>();
    if (relayed.end === "complete") relay.release();
    else if (relayed.end === "failed" && relayed.streamed) relay.breakOff(": broken off\n\n");
    else if (relayed.end !== "client_abort") {
      relay.abandon();
      response.writeHead(502).end(JSON.stringify({ error: { message: relayed.error?.message } }));
    }
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((thrown: unknown) => {
      const { code, message } = asRefusal(thrown);
      const error = { type: "invalid_request_error", code, message };
      response.writeHead(400, { "content-type": "application/json" });
      response.end(JSON.stringify({ type: "error", error }));
    });
  });
  const { port } = await listen(server, { host: "127.0.0.1", port: 0 });
  return {
    url: `http://127.0.0.1:${port}`,
    ended,
    ending: async (count) => {
      while (ended.length < count) await wake.promise;
      return ended;
    },
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
      await pool.destroy();
    },
  };
}

/** A client of Responses over WebSocket as a test needs one. */
import { once } from "node:events";
import { type ClientOptions, WebSocket } from "ws";
import { isJsonObject } from "../../dialects/json-body.ts";
import { bytesOf } from "../upstream-socket.ts";
import { testKey } from "../../testing/start-test-proxy.ts";

export interface SocketClient {
  readonly socket: WebSocket;
  /** Messages as they came. */
  readonly texts: string[];
  readonly events: Record<string, unknown>[];
  send(frame: unknown): void;
  /** Resolves when so many responses have ended, with all events so far. */
  ended(count: number): Promise<Record<string, unknown>[]>;
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
}

const lastEvents = new Set([
  "response.completed",
  "response.incomplete",
  "response.failed",
  "error",
]);

export function isLast({ type }: Record<string, unknown>): boolean {
  return lastEvents.has(String(type));
}

export async function connect(url: string, options: ClientOptions = {}): Promise<SocketClient> {
  const socket = new WebSocket(`${url.replace(/^http/, "ws")}/v1/responses`, {
    perMessageDeflate: false,
    ...options,
    headers: { authorization: `Bearer ${testKey}`, ...options.headers },
  });
  const texts: string[] = [];
  const events: Record<string, unknown>[] = [];
  let wake = Promise.withResolvers<void>();
  socket.on("message", (data) => {
    const text = bytesOf(data).toString();
    texts.push(text);
    events.push(parsed(text));
    wake.resolve();
    wake = Promise.withResolvers<void>();
  });
  socket.on("error", () => undefined);
  const { promise: closed, resolve } = Promise.withResolvers<number>();
  socket.once("close", (code) => {
    resolve(code);
    wake.resolve();
  });
  await once(socket, "open");
  return {
    socket,
    texts,
    events,
    closed,
    send: (frame) => socket.send(typeof frame === "string" ? frame : JSON.stringify(frame)),
    ended: async (count) => {
      while (events.filter(isLast).length < count) {
        if (socket.readyState === socket.CLOSED) throw new Error("the socket was closed");
        await wake.promise;
      }
      return events;
    },
  };
}

/** What is no JSON object is an event without a type. */
function parsed(text: string): Record<string, unknown> {
  try {
    const event: unknown = JSON.parse(text);
    return isJsonObject(event) ? event : {};
  } catch {
    return {};
  }
}

/** The status and body with which a socket is refused. */
export async function refused(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  const socket = new WebSocket(`${url.replace(/^http/, "ws")}/v1/responses`, { headers });
  socket.on("error", () => undefined);
  const [request, response] = await once(socket, "unexpected-response");
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  request.destroy();
  const body = Buffer.concat(chunks).toString();
  return { status: response.statusCode, headers: response.headers, body };
}

import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { errors } from "undici";
import { type RawData, WebSocket } from "ws";
import { isJsonObject } from "../dialects/json-body.ts";
import type { Outgoing } from "../outgoing.ts";
import { CLOSE_TIMEOUT_MS } from "./bounds.ts";
import type { EventRelay } from "./event-relay.ts";
import { UpgradeRefused } from "./upgrade-refused.ts";

const MAX_REFUSAL_BYTES = 65_536;

/** One socket to a provider, which carries the responses of one client. */
export class UpstreamSocket {
  readonly #socket: WebSocket;
  readonly #requestId: string;
  /** The responses under way, by lane: one each. */
  readonly #calls = new Map<string, EventRelay>();
  #error: Error | null = null;
  #isAnswering = true;

  constructor(socket: WebSocket, requestId: string) {
    this.#socket = socket;
    this.#requestId = requestId;
    socket.on("message", (data) => this.#onMessage(bytesOf(data)));
    socket.on("pong", () => (this.#isAnswering = true));
    socket.on("error", (error) => (this.#error = error));
    socket.once("close", (code) => this.#onClose(code));
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  /** Sends one request; its events go to `relay`. */
  ask(lane: string, frame: Buffer, relay: EventRelay): void {
    if (relay.isOver) return;
    this.#calls.set(lane, relay);
    void relay.ended.then(() => this.#calls.delete(lane));
    relay.begin(
      {
        pause: () => this.#pause(),
        resume: () => this.#resume(),
        // The API has no word for it, and what still came would be taken for the next response.
        cancel: () => this.#socket.terminate(),
      },
      this.#requestId,
    );
    if (this.#socket.isPaused) relay.holdUp(true);
    this.tell(frame);
  }

  /** Sends what is answered by no event. */
  tell(frame: Buffer): void {
    this.#socket.send(frame, { binary: false }, (error) => {
      if (error) this.#error ??= error;
    });
  }

  /** Looks whether the provider is still there: a connection may die without a word. */
  beat(): void {
    if (this.#socket.isPaused || !this.isOpen) return;
    if (!this.#isAnswering) this.#socket.terminate();
    this.#isAnswering = false;
    this.#socket.ping();
  }

  close(): void {
    this.#socket.close(1000);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  onceClosed(callback: () => void): void {
    this.#socket.once("close", callback);
  }

  #onMessage(json: Buffer): void {
    // What comes while nothing is asked belongs to no call, and nobody has decided on it.
    this.#relayOf(json)?.event(json);
  }

  #relayOf(json: Buffer): EventRelay | undefined {
    const lane = this.#calls.size > 1 ? laneOf(json) : undefined;
    if (lane !== undefined) return this.#calls.get(lane);
    const unnamed = this.#calls.get("");
    if (unnamed !== undefined) return unnamed;
    // A provider that knows no lanes answers in the order in which it was asked.
    for (const oldest of this.#calls.values()) return oldest;
    return undefined;
  }

  #onClose(code: number): void {
    const error = this.#error ?? new Error(`the provider closed its socket with code ${code}`);
    for (const relay of this.#calls.values()) relay.fail(error);
  }

  #pause(): void {
    this.#socket.pause();
    for (const relay of this.#calls.values()) relay.holdUp(true);
  }

  #resume(): void {
    if (!this.#socket.isPaused) return;
    this.#socket.resume();
    for (const relay of this.#calls.values()) relay.holdUp(false);
  }
}

/**
 * Opens a socket to the provider of `outgoing`, as the client asked for its own.
 *
 * @throws UpgradeRefused; ConnectTimeoutError; whatever connecting throws
 */
export async function openUpstreamSocket(
  { target, path, headers }: Outgoing,
  maxPayload: number,
): Promise<UpstreamSocket> {
  const { origin, timeouts } = target.upstream;
  const options = {
    headers: handshakeHeaders(headers),
    perMessageDeflate: false,
    followRedirects: false,
    maxPayload,
    closeTimeout: CLOSE_TIMEOUT_MS,
  };
  const socket = new WebSocket(`${origin.replace(/^http/, "ws")}${path}`, options);
  // Without one a late error would end the process.
  socket.on("error", () => undefined);
  const requestId: { value?: string } = {};
  socket.once("upgrade", (response) => (requestId.value = requestIdOf(response)));
  const { promise, reject } = Promise.withResolvers<never>();
  socket.once("unexpected-response", (_request, response) => {
    void readRefusal(response)
      .then(reject)
      .finally(() => socket.terminate());
  });
  const timer = setTimeout(() => {
    reject(new errors.ConnectTimeoutError());
    socket.terminate();
  }, timeouts.connectMs);
  try {
    await Promise.race([once(socket, "open"), promise]);
  } finally {
    clearTimeout(timer);
    promise.catch(() => undefined);
  }
  return new UpstreamSocket(socket, requestId.value ?? "");
}

/** What belongs to the client's own handshake, or describes a body that is not there. */
const ofHandshake = /^(?:sec-websocket-.*|content-type|accept-encoding)$/;

function handshakeHeaders(flat: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = Object.create(null);
  for (let at = 0; at < flat.length; at += 2) {
    const [name = "", value = ""] = flat.slice(at, at + 2);
    if (ofHandshake.test(name)) continue;
    // RFC 9110 §5.3
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
}

async function readRefusal(response: IncomingMessage): Promise<UpgradeRefused> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_REFUSAL_BYTES) break;
    }
  } catch {
    // Its status says enough.
  }
  const body = Buffer.concat(chunks);
  return new UpgradeRefused(response.statusCode ?? 0, body, requestIdOf(response));
}

function requestIdOf({ headers }: IncomingMessage): string {
  const id = headers["x-request-id"];
  return typeof id === "string" ? id : "";
}

/** The lane that an event names, if it does. */
function laneOf(json: Buffer): string | undefined {
  try {
    const event: unknown = JSON.parse(json.toString("utf8"));
    const lane = isJsonObject(event) ? event["stream_id"] : undefined;
    return typeof lane === "string" ? lane : undefined;
  } catch {
    return undefined;
  }
}

export function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

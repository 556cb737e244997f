/** One client's socket: its frames in turn, its liveness, its end. */
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { CallCount } from "../call-count.ts";
import { responsesOperation } from "../dialects/openai-responses/openai-responses.ts";
import type { Caller } from "../exchange.ts";
import type { PipelineContext } from "../pipeline-context.ts";
import { bodyTooLarge } from "../receive/read-body.ts";
import { HeldRoom } from "../receive/room.ts";
import { asRefusal, Refusal } from "../refusal.ts";
import type { SocketClient } from "./ask.ts";
import type { SocketBounds } from "./bounds.ts";
import { ClientChannel } from "./client-channel.ts";
import { readFrame } from "./frame.ts";
import { errorMessage, steerRefusedMessage } from "./messages.ts";
import { newExchange } from "../new-exchange.ts";
import { type AskingFrame, serveFrame } from "./serve-frame.ts";
import { UpstreamLinks } from "./upstream-links.ts";
import { bytesOf } from "./upstream-socket.ts";

/** A control frame of a client without its data (RFC 6455 §5.2): head and mask. */
const CONTROL_BYTES = 6;

export interface SessionOptions {
  socket: WebSocket;
  /** The connection below the socket. */
  connection: Duplex;
  caller: Caller;
  context: PipelineContext;
  calls: CallCount;
  bounds: SocketBounds;
}

export class SocketSession {
  readonly #socket: WebSocket;
  readonly #caller: Caller;
  readonly #context: PipelineContext;
  readonly #calls: CallCount;
  readonly #bounds: SocketBounds;
  readonly #client: SocketClient;
  readonly #gone = new AbortController();
  /** The last call of each lane that has one. */
  readonly #lanes = new Map<string, Promise<void>>();
  readonly #beat: NodeJS.Timeout;
  /** What has come of a message that is not whole yet: taken from what all calls may hold. */
  #arrivingBytes = 0;
  #unanswered = 0;
  #refusing = 0;
  #isDraining = false;
  #isAnswering = true;
  #activeAt: number;

  constructor({ socket, connection, caller, context, calls, bounds }: SessionOptions) {
    this.#socket = socket;
    this.#caller = caller;
    this.#context = context;
    this.#calls = calls;
    this.#bounds = bounds;
    this.#activeAt = context.clock.monotonicMs();
    this.#client = {
      channel: new ClientChannel(socket, bounds, context.clock.monotonicMs),
      gone: this.#gone.signal,
      links: new UpstreamLinks(context.limits.maxBodyBytes),
    };
    // Before the socket's own listener, so that what completes a message counts towards it.
    connection.prependListener("data", (chunk: Buffer) => this.#onBytes(chunk.length));
    socket.on("message", (data, isBinary) => this.#onMessage(bytesOf(data), isBinary));
    socket.on("ping", (data) => this.#settleBytes(CONTROL_BYTES + data.length));
    socket.on("pong", (data) => {
      this.#isAnswering = true;
      this.#settleBytes(CONTROL_BYTES + data.length);
    });
    socket.on("error", (error) => this.#onError(error));
    socket.once("close", () => this.#onClose());
    this.#beat = setInterval(() => this.#onBeat(), bounds.beatMs);
  }

  onceClosed(callback: () => void): void {
    this.#socket.once("close", callback);
  }

  /** Takes no more calls, and closes once those under way have ended. */
  drain(): void {
    this.#isDraining = true;
    this.#closeIfDrained();
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #onBytes(bytes: number): void {
    if (this.#context.bodyRoom.take(bytes)) this.#arrivingBytes += bytes;
    // Who has been told to stop, and goes on, is not listened to any more.
    else if (this.#socket.readyState !== this.#socket.OPEN) this.#socket.terminate();
    else this.#close(1013, "The gateway holds as much as it can. Try again shortly.");
  }

  #settleBytes(bytes: number): void {
    const settled = Math.min(bytes, this.#arrivingBytes);
    this.#arrivingBytes -= settled;
    this.#context.bodyRoom.giveBack(settled);
  }

  #onMessage(bytes: Buffer, isBinary: boolean): void {
    this.#settleBytes(this.#arrivingBytes);
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#activeAt = this.#context.clock.monotonicMs();
    const frame = readFrame(bytes, isBinary);
    const { channel, links } = this.#client;
    switch (frame.kind) {
      case "create":
      case "unreadable":
        this.#ask(frame);
        break;
      case "steer":
        channel.send(steerRefusedMessage(frame.body));
        break;
      case "processed":
        links.tellAll(frame.bytes);
        break;
      default:
        channel.send(errorMessage(unknownFrame(), { callId: "", decisionId: "" }));
    }
    // Whoever does not read what is answered shall not ask for more.
    if (!channel.isFull) return;
    this.#socket.pause();
    channel.whenRoom(() => this.#socket.resume());
  }

  #ask(frame: AskingFrame["frame"]): void {
    const isFull = this.#unanswered >= this.#bounds.maxUnanswered;
    const room = new HeldRoom(this.#context.bodyRoom);
    const asking = { frame, room, refusal: isFull ? this.#tooMany() : null };
    if (isFull) this.#refuse(asking);
    else this.#serveInTurn(held(asking));
  }

  #serveInTurn(asking: AskingFrame): void {
    this.#unanswered += 1;
    const lane = asking.frame.streamId;
    const served = this.#serveAfter(this.#lanes.get(lane), asking).finally(() => {
      this.#unanswered -= 1;
      if (this.#lanes.get(lane) === served) this.#lanes.delete(lane);
      this.#closeIfDrained();
    });
    this.#lanes.set(lane, served);
  }

  #refuse(asking: AskingFrame): void {
    if (this.#refusing >= this.#bounds.maxRefusing) {
      this.#close(1013, "Too many frames are waiting.");
    }
    this.#refusing += 1;
    void this.#serveAfter(undefined, asking).finally(() => (this.#refusing -= 1));
  }

  #tooMany(): Refusal {
    return new Refusal("WEIR_OVERLOADED", {
      message: `As many calls as one socket may have (${this.#bounds.maxUnanswered}) wait on it for their answer. Wait for one of them to end.`,
    });
  }

  async #serveAfter(before: Promise<void> | undefined, asking: AskingFrame): Promise<void> {
    await before;
    await this.#calls.during(this.#serve(asking));
  }

  async #serve(asking: AskingFrame): Promise<void> {
    const exchange = newExchange(this.#caller, responsesOperation, this.#context.clock);
    const refusal = await serveFrame(exchange, asking, this.#client, this.#context);
    this.#activeAt = this.#context.clock.monotonicMs();
    if (refusal?.kind === "unauthenticated") this.#close(1008, "The key is not valid any more.");
  }

  #closeIfDrained(): void {
    if (this.#isDraining && this.#unanswered === 0) this.#close(1001, "The gateway shuts down.");
  }

  #close(code: number, reason: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.close(code, reason);
    // A paused socket would not see the other side's answer to it.
    this.#socket.resume();
  }

  #onError(error: Error): void {
    if (!("code" in error) || error.code !== "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") return;
    // The library has closed the socket (1009), for the rest of the message cannot be skipped.
    const { maxBodyBytes } = this.#context.limits;
    const refusal = bodyTooLarge(maxBodyBytes, "maxBodyBytes");
    this.#ask({ kind: "unreadable", sizeBytes: maxBodyBytes, streamId: "", refusal });
  }

  #onClose(): void {
    clearInterval(this.#beat);
    this.#settleBytes(this.#arrivingBytes);
    this.#gone.abort();
    void this.#closeLinks();
  }

  /** Providers that are heard out keep their sockets for so long. */
  async #closeLinks(): Promise<void> {
    await Promise.all(this.#lanes.values());
    this.#client.links.close();
  }

  #onBeat(): void {
    const { channel, links } = this.#client;
    links.beat();
    const quietMs = this.#context.clock.monotonicMs() - this.#activeAt;
    if (channel.stalledMs > this.#context.limits.idleTimeoutMs) this.#socket.terminate();
    else if (this.#unanswered === 0 && quietMs > this.#bounds.idleMs) {
      this.#close(1001, "Nothing was asked for a long time.");
    } else if (channel.stalledMs === 0 && !this.#socket.isPaused) {
      // One who is slow to read cannot be expected to answer either.
      if (!this.#isAnswering) this.#socket.terminate();
      this.#isAnswering = false;
      this.#socket.ping();
    }
  }
}

/** Takes room for a frame; one for which there is none is not kept. */
function held(asking: AskingFrame): AskingFrame {
  const { frame, room } = asking;
  if (frame.kind !== "create") return asking;
  const { streamId, bytes } = frame;
  try {
    room.take(bytes.length);
    return asking;
  } catch (thrown) {
    const refusal = asRefusal(thrown);
    return {
      ...asking,
      frame: { kind: "unreadable", sizeBytes: bytes.length, streamId, refusal },
    };
  }
}

function unknownFrame(): Refusal {
  return new Refusal("WEIR_FIELD_INVALID", {
    message: "'type' must be 'response.create': this gateway takes no other kind of message.",
  });
}

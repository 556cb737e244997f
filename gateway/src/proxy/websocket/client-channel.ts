import type { WebSocket } from "ws";
import type { SocketBounds } from "./bounds.ts";

/** The way to one client: what is sent on it arrives in order, and says when it piles up. */
export class ClientChannel {
  readonly #socket: WebSocket;
  readonly #bounds: SocketBounds;
  readonly #now: () => number;
  #waiting: (() => void)[] = [];
  #movedAt: number;

  /** @param now monotonic milliseconds */
  constructor(socket: WebSocket, bounds: SocketBounds, now: () => number) {
    this.#socket = socket;
    this.#bounds = bounds;
    this.#now = now;
    this.#movedAt = now();
    socket.once("close", () => this.#wake());
  }

  get isFull(): boolean {
    return this.#socket.bufferedAmount > this.#bounds.highWaterBytes;
  }

  /** Milliseconds for which the client has taken nothing of what waits for it; 0 = nothing waits. */
  get stalledMs(): number {
    return this.#socket.bufferedAmount === 0 ? 0 : this.#now() - this.#movedAt;
  }

  /** Sends one text message. To a client that has left it is no error. */
  send(message: Buffer | string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount === 0) this.#movedAt = this.#now();
    this.#socket.send(message, { binary: false }, this.#onSent);
  }

  /** Calls back once, when there is room again or the client has left. */
  whenRoom(resume: () => void): void {
    this.#waiting.push(resume);
  }

  readonly #onSent = (): void => {
    this.#movedAt = this.#now();
    if (this.#waiting.length === 0) return;
    if (this.#socket.bufferedAmount <= this.#bounds.lowWaterBytes) this.#wake();
  };

  #wake(): void {
    for (const resume of this.#waiting.splice(0)) resume();
  }
}

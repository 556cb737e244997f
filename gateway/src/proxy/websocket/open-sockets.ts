import { defaultBounds, type SocketBounds } from "./bounds.ts";
import type { SocketSession } from "./session.ts";

/** The sockets of one worker. */
export class OpenSockets {
  readonly bounds: SocketBounds;
  readonly #sessions = new Set<SocketSession>();
  #isDraining = false;

  constructor(bounds: Partial<SocketBounds> = {}) {
    this.bounds = { ...defaultBounds, ...bounds };
  }

  get hasRoom(): boolean {
    return this.#sessions.size < this.bounds.maxSockets;
  }

  add(session: SocketSession): void {
    this.#sessions.add(session);
    session.onceClosed(() => this.#sessions.delete(session));
    if (this.#isDraining) session.drain();
  }

  /** Closes those on which nothing is under way, the others as soon as that has ended. */
  drain(): void {
    this.#isDraining = true;
    for (const session of this.#sessions) session.drain();
  }

  /** Cuts those that are left. */
  cut(): void {
    for (const session of this.#sessions) session.terminate();
  }
}

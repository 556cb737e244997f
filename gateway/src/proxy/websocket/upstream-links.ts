import type { Outgoing } from "../outgoing.ts";
import type { Upstream } from "../upstream.ts";
import { UpgradeRefused } from "./upgrade-refused.ts";
import { openUpstreamSocket, type UpstreamSocket } from "./upstream-socket.ts";

/** One client's sockets to providers: one each, opened when it is needed and closed with its own. */
export class UpstreamLinks {
  readonly #maxPayload: number;
  readonly #links = new Map<Upstream, Promise<UpstreamSocket>>();
  readonly #open = new Set<UpstreamSocket>();
  readonly #withoutSockets = new Set<Upstream>();
  #isClosed = false;

  /** @param maxPayload bytes of one message */
  constructor(maxPayload: number) {
    this.#maxPayload = maxPayload;
  }

  /** Whether to ask this provider over a socket at all. */
  canReach(upstream: Upstream): boolean {
    return upstream.webSocket && !this.#withoutSockets.has(upstream);
  }

  /** @throws UpgradeRefused; ConnectTimeoutError; whatever connecting throws */
  async to(outgoing: Outgoing): Promise<UpstreamSocket> {
    const { upstream } = outgoing.target;
    const link = this.#links.get(upstream);
    if (link !== undefined) {
      const socket = await link;
      if (socket.isOpen) return socket;
      this.#forget(upstream, link);
    }
    return this.#links.get(upstream) ?? this.#connect(outgoing);
  }

  /** Passes on what concerns no call: only to a provider to which a socket is open. */
  tellAll(frame: Buffer): void {
    for (const socket of this.#open) socket.tell(frame);
  }

  beat(): void {
    for (const socket of this.#open) socket.beat();
  }

  close(): void {
    this.#isClosed = true;
    for (const socket of this.#open) socket.close();
  }

  async #connect(outgoing: Outgoing): Promise<UpstreamSocket> {
    const { upstream } = outgoing.target;
    const link = openUpstreamSocket(outgoing, this.#maxPayload);
    this.#links.set(upstream, link);
    try {
      const socket = await link;
      this.#open.add(socket);
      socket.onceClosed(() => {
        this.#open.delete(socket);
        this.#forget(upstream, link);
      });
      if (this.#isClosed) socket.terminate();
      return socket;
    } catch (error) {
      this.#forget(upstream, link);
      if (error instanceof UpgradeRefused && error.hasNoSockets) {
        this.#withoutSockets.add(upstream);
      }
      throw error;
    }
  }

  #forget(upstream: Upstream, link: Promise<UpstreamSocket>): void {
    if (this.#links.get(upstream) === link) this.#links.delete(upstream);
  }
}

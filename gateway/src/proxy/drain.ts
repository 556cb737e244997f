import { once } from "node:events";
import type { Server } from "node:http";
import type { Socket } from "node:net";

const SWEEP_MS = 50;

/** What else is to end with a server, and what to cut when the time is over. */
export interface AlsoDrained {
  drain(): void;
  cut(): void;
}

/**
 * Prepares a server that does not listen yet for a quick end.
 * @returns a function that stops listening, lets calls under way come to their end, and cuts those
 *   that have not after `graceMs`.
 */
export function drainable(server: Server, also: AlsoDrained): (graceMs: number) => Promise<void> {
  const connections = new Set<Socket>();
  server.on("connection", (socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  return async (graceMs) => {
    const closed = once(server, "close");
    server.close();
    also.drain();
    const sweep = setInterval(() => {
      // A kept-alive connection falls idle only when its call has ended.
      server.closeIdleConnections();
      // Clients open connections ahead. Node counts one that has said nothing as busy for a minute.
      for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
    }, SWEEP_MS);
    const deadline = setTimeout(() => {
      server.closeAllConnections();
      also.cut();
    }, graceMs);
    await closed;
    clearInterval(sweep);
    clearTimeout(deadline);
  };
}

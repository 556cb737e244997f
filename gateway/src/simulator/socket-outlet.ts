import type { WebSocket } from "ws";
import type { Outlet } from "./outlet.ts";

const highWaterBytes = 1_048_576;

/** Writes each step as one text message. The socket stays open when a reply ends. */
export function socketOutlet(socket: WebSocket): Outlet {
  const gone = new AbortController();
  socket.once("close", () => gone.abort());
  if (socket.readyState !== socket.OPEN) gone.abort();
  return {
    gone: gone.signal,
    begin: () => undefined,
    write: async (bytes, wholly) => {
      await new Promise<void>((resolve) => {
        const waits = wholly || socket.bufferedAmount > highWaterBytes;
        socket.send(bytes, { binary: false }, () => resolve());
        if (!waits) resolve();
      });
    },
    end: (bytes) => socket.send(bytes, { binary: false }),
    die: () => socket.terminate(),
  };
}

import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Shared, SocketCall } from "./wire.ts";

/** What the simulator does with a WebSocket on one path. */
export interface SocketRoute {
  readonly path: string;
  readonly serve: (socket: WebSocket, call: SocketCall) => void;
}

export interface UpgradeOptions {
  /** False: every upgrade is answered with 426. */
  readonly accepts: boolean;
  readonly sockets: readonly SocketRoute[];
  readonly shared: Shared;
}

/** Takes the server's upgrades. The returned function ends all sockets at once. */
export function takeUpgrades(server: Server, options: UpgradeOptions): () => void {
  const { accepts, sockets, shared } = options;
  const acceptor = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: shared.maxBodyBytes,
  });
  let upgrades = 0;
  acceptor.on("headers", (headers) => {
    upgrades += 1;
    headers.push(`x-request-id: req_socket_${upgrades}`);
  });
  server.on("upgrade", (message: IncomingMessage, socket: Duplex, head: Buffer) => {
    const route = sockets.find(({ path }) => path === (message.url ?? "").split("?", 1)[0]);
    if (route === undefined) refuse(socket, "404 Not Found");
    else if (!accepts) refuse(socket, "426 Upgrade Required");
    else {
      acceptor.handleUpgrade(message, socket, head, (webSocket) => {
        webSocket.on("error", () => undefined);
        route.serve(webSocket, { ...shared, message });
      });
    }
  });
  return () => {
    for (const client of acceptor.clients) client.terminate();
    acceptor.close();
  };
}

/** Whether a request asks for a WebSocket; other upgrades are served as plain requests. */
export function asksForWebSocket(message: IncomingMessage): boolean {
  return message.headers.upgrade?.toLowerCase() === "websocket";
}

function refuse(socket: Duplex, status: string): void {
  socket.on("error", () => undefined);
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

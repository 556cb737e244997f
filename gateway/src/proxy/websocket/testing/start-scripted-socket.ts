/** An upstream of Responses over WebSocket that does exactly what a test says, message by message. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { listen } from "../../listen.ts";
import { bytesOf } from "../upstream-socket.ts";

export interface ScriptedSocketUpstream {
  readonly url: string;
  /** Requests for a socket, in order. */
  readonly upgrades: IncomingMessage[];
  /** Messages as they came, over all sockets. */
  readonly frames: string[];
  /** Plain requests as they came. */
  readonly posts: { headers: IncomingMessage["headers"]; body: string }[];
  /** Sockets that are open. */
  readonly open: ReadonlySet<WebSocket>;
  close(): Promise<void>;
}

export interface Script {
  /** Answers one message. */
  onFrame?: (frame: Record<string, unknown>, socket: WebSocket, text: string) => void;
  /** Status with which to refuse a socket; 0 = accept, null = never answer. */
  upgradeStatus?: () => number | null;
  /** Whether pings are answered, as they must be. */
  autoPong?: boolean;
  /** Answers a plain request, whose body has been read. */
  onPost?: (body: string, response: ServerResponse) => void;
}

export async function startScriptedSocket(script: Script): Promise<ScriptedSocketUpstream> {
  const acceptor = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    autoPong: script.autoPong ?? true,
  });
  const upgrades: IncomingMessage[] = [];
  const frames: string[] = [];
  const posts: ScriptedSocketUpstream["posts"] = [];
  const connections = new Set<Duplex>();
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = Buffer.concat(chunks).toString();
      posts.push({ headers: request.headers, body });
      script.onPost?.(body, response);
    })();
  });
  server.on("upgrade", (request: IncomingMessage, connection: Duplex, head: Buffer) => {
    connections.add(connection);
    upgrades.push(request);
    const status = script.upgradeStatus?.() ?? (script.upgradeStatus === undefined ? 0 : null);
    if (status === null) return;
    if (status > 0) {
      const body = `{"error":{"message":"status ${status}","type":"t","code":"c","param":null}}`;
      connection.end(
        `HTTP/1.1 ${status} No\r\nconnection: close\r\nx-request-id: req_up\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      return;
    }
    acceptor.handleUpgrade(request, connection, head, (socket) => {
      socket.on("error", () => undefined);
      socket.on("message", (data) => {
        const text = bytesOf(data).toString();
        frames.push(text);
        script.onFrame?.(JSON.parse(text), socket, text);
      });
    });
  });
  const { port } = await listen(server, { host: "127.0.0.1", port: 0 });
  return {
    url: `http://127.0.0.1:${port}`,
    upgrades,
    frames,
    posts,
    open: acceptor.clients,
    close: async () => {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      for (const client of acceptor.clients) client.terminate();
      for (const connection of connections) connection.destroy();
      await closed;
    },
  };
}

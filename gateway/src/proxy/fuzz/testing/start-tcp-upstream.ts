/** A provider made of a bare socket: it sees each byte that Weir sends, and sends bytes of any kind. */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { readRequest, type StrictMessage } from "./strict-http.ts";

export interface TcpUpstream extends AsyncDisposable {
  readonly url: string;
  /** Whole requests, in order. */
  readonly requests: StrictMessage[];
  /** What could not be read strictly. */
  readonly errors: string[];
  /** All bytes that have come, of all connections. */
  bytes(): Buffer;
  forget(): void;
}

export const plainAnswer =
  'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{"id":"x"}';

/** @param answer called for each whole request. By default it gives one small JSON object. */
export async function startTcpUpstream(
  answer: (request: StrictMessage, socket: Socket) => void = (_request, socket) => {
    socket.write(plainAnswer);
  },
): Promise<TcpUpstream> {
  const requests: StrictMessage[] = [];
  const errors: string[] = [];
  const sockets = new Set<Socket>();
  let seen: Buffer[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    let pending = Buffer.alloc(0);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (chunk: Buffer) => {
      seen.push(chunk);
      pending = Buffer.concat([pending, chunk]);
      try {
        for (let read = readRequest(pending); read !== null; read = readRequest(pending)) {
          pending = pending.subarray(read.length);
          requests.push(read.message);
          answer(read.message, socket);
        }
      } catch (error) {
        errors.push(String(error));
        socket.destroy();
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    errors,
    bytes: () => Buffer.concat(seen),
    forget: () => {
      seen = [];
      requests.length = 0;
    },
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

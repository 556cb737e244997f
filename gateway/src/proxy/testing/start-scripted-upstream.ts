/** An upstream that writes exactly the bytes that a test gives it, in the packets it asks for. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { listen } from "../listen.ts";

export interface ScriptedRequest {
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}

export interface ScriptedUpstream {
  readonly url: string;
  readonly requests: ScriptedRequest[];
  close(): Promise<void>;
}

export async function startScriptedUpstream(
  answer: (request: ScriptedRequest, response: ServerResponse) => Promise<void> | void,
): Promise<ScriptedUpstream> {
  const requests: ScriptedRequest[] = [];
  const server = createServer((incoming, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk);
      const request = {
        path: incoming.url ?? "",
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString("utf8"),
      };
      requests.push(request);
      await answer(request, response);
    })();
  });
  const { port } = await listen(server, { host: "127.0.0.1", port: 0 });
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: async () => {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Writes each packet and waits until it has left, so that the next one is one of its own. */
export async function writePackets(response: ServerResponse, packets: Buffer[]): Promise<void> {
  for (const packet of packets) {
    const { promise, resolve } = Promise.withResolvers<void>();
    response.write(packet, () => resolve());
    await promise;
    // A turn of the event loop: else the next write may share the packet.
    const turned = Promise.withResolvers<void>();
    setImmediate(() => turned.resolve());
    await turned.promise;
  }
}

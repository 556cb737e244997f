/** An upstream that sees requests as they arrive, before their bodies are whole. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { listen } from "../listen.ts";

export interface RawUpstream {
  readonly url: string;
  close(): Promise<void>;
}

export async function startRawUpstream(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<RawUpstream> {
  const server = createServer(answer);
  const { port } = await listen(server, { host: "127.0.0.1", port: 0 });
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** All bytes of a request's body; rejects when the client breaks it off. */
export async function wholeBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A client that sends its request's body piece by piece, as slowly as a test wants. */
import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request as httpRequest } from "node:http";
import { testKey } from "./start-test-proxy.ts";

export interface ClientAnswer {
  status: number;
  headers: IncomingMessage["headers"];
  body: string;
}

export interface Upload {
  /** Resolves when the bytes have been handed to the operating system. */
  write(bytes: Buffer | string): Promise<void>;
  end(bytes?: Buffer | string): void;
  /** Breaks the connection off. */
  leave(): void;
  /** Rejects when the connection breaks before the answer is whole. */
  readonly answer: Promise<ClientAnswer>;
}

export function openUpload(
  url: string,
  headers: Record<string, string | string[]>,
  method = "POST",
): Upload {
  const request: ClientRequest = httpRequest(url, {
    method,
    agent: false,
    headers: { authorization: `Bearer ${testKey}`, ...headers },
  });
  const answer = readAnswer(request);
  answer.catch(() => undefined);
  const { promise: closed, resolve: onClosed } = Promise.withResolvers<void>();
  request.once("close", onClosed);
  return {
    write: (bytes) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      request.write(bytes, () => resolve());
      // An answer that comes first may close the connection; the write then never ends.
      return Promise.race([promise, closed]);
    },
    end: (bytes) => request.end(bytes),
    leave: () => request.destroy(),
    answer,
  };
}

async function readAnswer(request: ClientRequest): Promise<ClientAnswer> {
  const [response] = await once(request, "response");
  const incoming: IncomingMessage = response;
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return {
    status: incoming.statusCode ?? 0,
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString("utf8"),
  };
}

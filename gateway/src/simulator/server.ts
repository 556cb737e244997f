import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { countTokens } from "./anthropic/count-tokens.ts";
import { errorReply } from "./completion.ts";
import { Ledger } from "./ledger.ts";
import { modelList } from "./model-list.ts";
import { readBody } from "./read-body.ts";
import { jsonContentType } from "./reply.ts";
import type { Dialect } from "./request.ts";
import { serveCall } from "./serve-call.ts";

export interface SimulatorOptions {
  readonly host?: string;
  /** 0 = any free port. */
  readonly port?: number;
  /** How many calls the ledger holds; older ones are dropped, and counted. */
  readonly ledgerCapacity?: number;
  readonly maxBodyBytes?: number;
}

export interface Simulator {
  /** Without a path: an OpenAI client's base URL is this plus `/v1`, an Anthropic client's is this. */
  readonly url: string;
  readonly port: number;
  readonly ledger: Ledger;
  /** Ends all connections, also those in use, and stops listening. */
  readonly close: () => Promise<void>;
}

interface Context {
  readonly ledger: Ledger;
  readonly maxBodyBytes: number;
}

/**
 * Starts Weir's built-in upstream, which speaks the OpenAI chat and Anthropic Messages wire formats.
 * It calls no model: replies and bills are functions of the request. Any credential is accepted.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const host = options.host ?? "127.0.0.1";
  const context: Context = {
    ledger: new Ledger(options.ledgerCapacity ?? 100_000),
    maxBodyBytes: options.maxBodyBytes ?? 67_108_864,
  };
  const server = createServer({ keepAliveTimeout: 75_000 }, (message, response) => {
    readBody(message, context.maxBodyBytes, (body) => route(message, response, body, context));
  });
  const port = await listen(server, host, options.port ?? 0);
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    ledger: context.ledger,
    close: () => close(server),
  };
}

function route(
  message: IncomingMessage,
  response: ServerResponse,
  body: Buffer | null,
  { ledger }: Context,
): void {
  const [path = "", query = ""] = (message.url ?? "").split("?", 2);
  const dialect = dialectOf(path, message);
  if (body === null) {
    sendError(response, dialect, 413, "The request's body is too large");
    return;
  }
  switch (`${message.method} ${path}`) {
    case "POST /v1/chat/completions":
    case "POST /v1/messages":
      serveCall({ dialect, message, response, body, ledger });
      return;
    case "POST /v1/messages/count_tokens":
      send(response, countTokens(body));
      return;
    case "GET /v1/models":
      send(response, modelList(dialect));
      return;
    case "GET /simulator/billed": {
      const after = Number(new URLSearchParams(query).get("after") ?? 0);
      send(response, JSON.stringify({ totals: ledger.totals(), calls: ledger.calls(after) }));
      return;
    }
    case "DELETE /simulator/billed":
      ledger.reset();
      response.writeHead(204).end();
      return;
    default:
      if (message.method === "HEAD") response.writeHead(200).end();
      else sendError(response, dialect, 404, `Weir's simulator has no ${message.method} ${path}`);
  }
}

function dialectOf(path: string, message: IncomingMessage): Dialect {
  if (path === "/v1/chat/completions") return "openai-chat";
  if (path.startsWith("/v1/messages")) return "anthropic";
  return message.headers["anthropic-version"] === undefined ? "openai-chat" : "anthropic";
}

function send(response: ServerResponse, body: string): void {
  response.writeHead(200, {
    "content-type": jsonContentType,
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

function sendError(
  response: ServerResponse,
  dialect: Dialect,
  status: number,
  message: string,
): void {
  const reply = errorReply(dialect, status, message, { param: null, digest: "unrouted" });
  response.writeHead(status, { ...reply.headers, "content-type": reply.contentType });
  response.end(reply.steps[0]?.bytes);
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

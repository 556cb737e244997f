import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Attempts } from "./attempts.ts";
import { Ledger } from "./ledger.ts";
import { readBody } from "./read-body.ts";
import { RouteTable } from "./route.ts";
import { allRoutes, unroutedWire } from "./routes.ts";
import { sendError } from "./send.ts";

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
  readonly routes: RouteTable;
  readonly ledger: Ledger;
  readonly maxBodyBytes: number;
  readonly attempts: Attempts;
}

/**
 * Starts Weir's built-in upstream, which speaks the wire formats of `routes.ts`. It calls no
 * model: replies and bills are functions of the request. Any credential is accepted.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const host = options.host ?? "127.0.0.1";
  const context: Context = {
    routes: new RouteTable(allRoutes()),
    ledger: new Ledger(options.ledgerCapacity ?? 100_000),
    maxBodyBytes: options.maxBodyBytes ?? 67_108_864,
    attempts: new Attempts(10_000),
  };
  const server = createServer({ keepAliveTimeout: 75_000 }, (message, response) => {
    answer(message, response, context);
  });
  const port = await listen(server, host, options.port ?? 0);
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    ledger: context.ledger,
    close: () => close(server),
  };
}

function answer(message: IncomingMessage, response: ServerResponse, context: Context): void {
  const [path = "", query = ""] = (message.url ?? "").split("?", 2);
  const { routes, ...shared } = context;
  const matched = routes.find(message.method ?? "", path);
  const call = { message, response, path, query: searchOf(query), ...shared };
  if (matched === null) {
    readBody(message, shared.maxBodyBytes, () => unrouted(message, response, path));
    return;
  }
  const { route, params } = matched;
  if (route.body === "unread") {
    route.serve({ ...call, params, body: noBytes });
    return;
  }
  readBody(message, shared.maxBodyBytes, (body) => {
    if (body !== null) route.serve({ ...call, params, body });
    else sendError(response, route.wire, 413, "The request's body is too large");
  });
}

function unrouted(message: IncomingMessage, response: ServerResponse, path: string): void {
  if (message.method === "HEAD") {
    response.writeHead(200).end();
    return;
  }
  const text = `Weir's simulator has no ${message.method} ${path}`;
  sendError(response, unroutedWire(path, message), 404, text);
}

const noBytes = Buffer.alloc(0);
const noQuery = new URLSearchParams();

function searchOf(query: string): URLSearchParams {
  return query === "" ? noQuery : new URLSearchParams(query);
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

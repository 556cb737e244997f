/** The proxy's HTTP server: a thin shell over the pipeline. */
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { CallCount } from "./call-count.ts";
import type { Operation, RequestHead } from "./dialects/dialect.ts";
import { evaluationPath } from "./actions/dialects.ts";
import { serveAction } from "./actions/serve-action.ts";
import { serveModels } from "./list-models.ts";
import { newExchange } from "./new-exchange.ts";
import { serveCall } from "./pipeline.ts";
import { protectedResource, protectedResourcePath } from "../contracts/delegation.ts";
import type { PipelineContext } from "./pipeline-context.ts";
import { Refusal } from "./refusal.ts";
import { refuse } from "./reply/refuse.ts";
import { findOperation, speaks } from "./routes.ts";
import type { TlsListener } from "./tls/tls-listener.ts";
import { OpenSockets } from "./websocket/open-sockets.ts";
import { asksForSocket, takeUpgrades } from "./websocket/upgrade.ts";

export interface Probe {
  /** Null when ready to serve; otherwise why not, for the operator's log alone. */
  notReady(): string | null;
  readonly version: string;
}

/** How long a client may take to send; streams of answers are not bound by it. */
export interface ClientTimeouts {
  /** From the first byte, or the connection itself, to the end of the head. */
  readonly headMs: number;
  /** To the end of the body. */
  readonly wholeMs: number;
  /** How often it is looked who is late. */
  readonly checkEveryMs: number;
}

const CLIENT_TIMEOUTS: ClientTimeouts = {
  headMs: 60_000,
  wholeMs: 300_000,
  checkEveryMs: 10_000,
};

export function createProxyServer(
  context: PipelineContext,
  probe: Probe,
  calls: CallCount,
  sockets: OpenSockets = new OpenSockets(),
  timeouts: ClientTimeouts = CLIENT_TIMEOUTS,
  tls: TlsListener | null = null,
): Server {
  const options: ServerOptions = {
    headersTimeout: timeouts.headMs,
    requestTimeout: timeouts.wholeMs,
    connectionsCheckingInterval: timeouts.checkEveryMs,
    keepAliveTimeout: 75_000,
    noDelay: true,
    shouldUpgradeCallback: asksForSocket,
  };
  const server = listenerFor(options, tls, (request, response) => {
    const head = headOf(request);
    const operation = findOperation(head);
    if (operation === null) {
      if (!answerProbe(head, response, probe) && !answerMetadata(head, response, context))
        refuseUnknown(head, response, context);
      return;
    }
    const { headers, rawHeaders, socket } = request;
    const certificate = tls?.certificateOf(socket) ?? null;
    const caller = { headers, rawHeaders, query: head.query, certificate };
    const exchange = newExchange(caller, operation, context.clock);
    void calls.during(servedBy(operation)(exchange, request, response, context));
  });
  // A head has 16 KB at most. Past a count Node would drop headers without a word.
  server.maxHeadersCount = 0;
  takeUpgrades(server, { context, calls, sockets, tls });
  return server;
}

function listenerFor(
  options: ServerOptions,
  tls: TlsListener | null,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  if (tls === null) return createServer(options, answer);
  const server = createTlsServer({ ...options, ...tls.options }, answer);
  tls.follow(server);
  return server;
}

function servedBy({ kind }: Operation): typeof serveCall {
  if (kind === "models") return serveModels;
  return kind === "action" ? serveAction : serveCall;
}

function headOf({ method = "", url = "", headers }: IncomingMessage): RequestHead {
  const at = url.indexOf("?");
  return at === -1
    ? { method, path: url, query: "", headers }
    : { method, path: url.slice(0, at), query: url.slice(at), headers };
}

function answerProbe(
  { method, path }: RequestHead,
  response: ServerResponse,
  probe: Probe,
): boolean {
  // Clients probe the address with HEAD before they send a call.
  if (method === "HEAD") send(response, 200, "");
  else if (path === "/livez") send(response, 200, "ok");
  else if (path === "/readyz") {
    const ready = probe.notReady() === null;
    send(response, ready ? 200 : 503, ready ? "ok" : "not ready");
  } else if (path === "/version") send(response, 200, probe.version);
  else return false;
  return true;
}

/** What OAuth clients ask the gateway itself (RFC 9728 §3). */
function answerMetadata(
  { method, path, headers }: RequestHead,
  response: ServerResponse,
  context: PipelineContext,
): boolean {
  if (method === "GET" && path === "/.well-known/authzen-configuration") {
    sendMetadata(response, authzenMetadata(headers.host, context.scheme));
    return true;
  }
  const { delegation = null } = context.snapshot();
  if (method !== "GET" || path !== protectedResourcePath || delegation === null) return false;
  sendMetadata(response, protectedResource(delegation));
  return true;
}

/** AuthZEN Authorization API 1.0 §9: where the decision point is, by the name that the client used. */
function authzenMetadata(host: string | undefined, scheme: string): object {
  const isPlain = host !== undefined && /^[\w.:[\]-]+$/.test(host);
  const origin = `${scheme}://${isPlain ? host : "localhost"}`;
  return {
    policy_decision_point: origin,
    access_evaluation_endpoint: `${origin}${evaluationPath}`,
  };
}

function sendMetadata(response: ServerResponse, document: object): void {
  response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(document));
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain", "cache-control": "no-store" });
  response.end(text);
}

function refuseUnknown(
  { headers }: RequestHead,
  response: ServerResponse,
  context: PipelineContext,
): void {
  const ids = { callId: context.clock.newId(), decisionId: "" };
  refuse(response, speaks(headers), new Refusal("WEIR_ROUTE_UNKNOWN"), ids);
}

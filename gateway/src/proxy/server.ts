/** The proxy's HTTP server: a thin shell over the pipeline. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { readAsserted } from "./authenticate/asserted.ts";
import type { CallCount } from "./call-count.ts";
import type { Exchange } from "./exchange.ts";
import { serveModels } from "./list-models.ts";
import { serveCall } from "./pipeline.ts";
import type { PipelineContext } from "./pipeline-context.ts";
import { Refusal } from "./refusal.ts";
import { refuse } from "./reply/refuse.ts";
import { findRoute, speaks } from "./routes.ts";

export interface Probe {
  /** Null when ready to serve; otherwise why not, for the operator's log alone. */
  notReady(): string | null;
  readonly version: string;
}

/** Time for a client to send its whole request; streams of answers are not bound by it. */
const REQUEST_TIMEOUT_MS = 300_000;

export function createProxyServer(
  context: PipelineContext,
  probe: Probe,
  calls: CallCount,
): Server {
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: 75_000, noDelay: true },
    (request, response) => {
      const path = pathOf(request.url);
      const route = findRoute(request.method ?? "", path, request.headers);
      if (route === null) {
        if (!answerProbe(path, response, probe)) refuseUnknown(request, response, context);
        return;
      }
      const exchange: Exchange = {
        id: context.clock.newId(),
        request,
        response,
        dialect: route.dialect,
        operation: route.operation,
        startedAtMs: context.clock.nowMs(),
        startedAt: context.clock.monotonicMs(),
        asserted: readAsserted(request.headers),
      };
      const serve = route.operation === "models" ? serveModels : serveCall;
      void calls.during(serve(exchange, context));
    },
  );
  return server;
}

function pathOf(url: string | undefined): string {
  const at = url?.indexOf("?") ?? -1;
  return at === -1 ? (url ?? "") : (url ?? "").slice(0, at);
}

function answerProbe(path: string, response: ServerResponse, probe: Probe): boolean {
  if (path === "/livez") send(response, 200, "ok");
  else if (path === "/readyz") {
    const ready = probe.notReady() === null;
    send(response, ready ? 200 : 503, ready ? "ok" : "not ready");
  } else if (path === "/version") send(response, 200, probe.version);
  else return false;
  return true;
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain", "cache-control": "no-store" });
  response.end(text);
}

function refuseUnknown(
  request: IncomingMessage,
  response: ServerResponse,
  context: PipelineContext,
): void {
  const ids = { callId: context.clock.newId(), decisionId: "" };
  refuse(response, speaks(request.headers), new Refusal("WEIR_ROUTE_UNKNOWN"), ids);
}

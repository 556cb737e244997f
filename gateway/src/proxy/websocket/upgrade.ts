/** Lets clients of `GET /v1/responses` change over to a WebSocket, or tells them why not. */
import { type IncomingMessage, type Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { identifyAtOnce } from "../identify.ts";
import { authorize } from "../authorize-call.ts";
import type { CallCount } from "../call-count.ts";
import { callFacts } from "../dialects/call-facts.ts";
import type { OpaqueOperation } from "../dialects/dialect.ts";
import { openAiResponses } from "../dialects/openai-responses/openai-responses.ts";
import { refusedEnding, unbilledEnding } from "../ending.ts";
import type { Caller, Exchange } from "../exchange.ts";
import { admit } from "../limit/admit.ts";
import { endUnanswered, record } from "../pipeline.ts";
import type { PipelineContext } from "../pipeline-context.ts";
import { asRefusal, Refusal } from "../refusal.ts";
import { refuse } from "../reply/refuse.ts";
import { CLOSE_TIMEOUT_MS } from "./bounds.ts";
import type { TlsListener } from "../tls/tls-listener.ts";
import { newExchange } from "../new-exchange.ts";
import type { OpenSockets } from "./open-sockets.ts";
import { SocketSession } from "./session.ts";

/** The upgrade itself, as policy sees it; what is asked on the socket is decided frame by frame. */
const upgradeOperation: OpaqueOperation = {
  kind: "opaque",
  id: "responses.websocket",
  dialect: openAiResponses,
  metered: true,
  auxiliary: true,
  free: true,
  method: "GET",
  upstreamPath: () => "/responses",
  providerName: null,
  stateIds: [],
  meterJson: null,
};

/** Whether a request asks for a socket that Weir may have; all others are served as plain requests. */
export function asksForSocket({ method, url = "", headers }: IncomingMessage): boolean {
  return (
    method === "GET" &&
    headers.upgrade?.toLowerCase() === "websocket" &&
    url.split("?", 1)[0] === "/v1/responses"
  );
}

export function takeUpgrades(
  server: Server,
  {
    context,
    calls,
    sockets,
    tls,
  }: {
    context: PipelineContext;
    calls: CallCount;
    sockets: OpenSockets;
    tls: Pick<TlsListener, "certificateOf"> | null;
  },
): void {
  const options = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: context.limits.maxBodyBytes,
    // `parseBody` does so, and its answer leaves a row.
    skipUTF8Validation: true,
    closeTimeout: CLOSE_TIMEOUT_MS,
  };
  const acceptor = new WebSocketServer(options);
  // A socket carries the events of one format, so nothing is translated on it.
  const socketContext = { ...context, translatorFor: () => null };
  server.on("upgrade", (request, connection, head) => {
    connection.on("error", () => connection.destroy());
    const exchange = newExchange(callerOf(request, tls), upgradeOperation, context.clock);
    const refusal = refusalOf(exchange, sockets, socketContext);
    if (refusal !== null) {
      void calls.during(answer(exchange, refusal, request, connection, socketContext));
      return;
    }
    acceptor.handleUpgrade(request, connection, head, (socket) => {
      const { caller } = exchange;
      const { bounds } = sockets;
      const session = { socket, connection, caller, context: socketContext, calls, bounds };
      sockets.add(new SocketSession(session));
    });
  });
}

/** Why a client gets no socket, or null. */
function refusalOf(
  exchange: Exchange,
  sockets: OpenSockets,
  context: PipelineContext,
): Refusal | null {
  try {
    identifyAtOnce(exchange, context);
    admit(context.capacity);
    if (!sockets.hasRoom) throw new Refusal("WEIR_OVERLOADED");
    const upstream = context.router.ofDialect("openai").find(({ webSocket }) => webSocket);
    const target = upstream && context.router.named(upstream.name, "openai");
    if (target === undefined) throw new Refusal("WEIR_UPGRADE_REQUIRED");
    exchange.facts = callFacts({ stream: true });
    authorize(exchange, target, context);
    return null;
  } catch (thrown) {
    return asRefusal(thrown);
  } finally {
    // Each frame is watched by itself.
    exchange.watched?.leave();
  }
}

async function answer(
  exchange: Exchange,
  refusal: Refusal,
  request: IncomingMessage,
  connection: Duplex,
  context: PipelineContext,
): Promise<void> {
  const response = responseOn(connection, request);
  const ids = { callId: exchange.id, decisionId: exchange.decision?.id ?? "" };
  if (refusal.code === "WEIR_UPGRADE_REQUIRED") refuse(response, openAiResponses, refusal, ids);
  else if (refusal.kind !== "denied") {
    await endUnanswered(exchange, response, undefined, context, refusal);
  } else {
    // Codex falls back to a POST at once for this status alone, and hears there what is denied.
    const { message, cause } = refusal;
    const upgrade = new Refusal("WEIR_UPGRADE_REQUIRED", { message, cause });
    const unbilled = unbilledEnding(exchange, context.clock.monotonicMs());
    try {
      await record(exchange, refusedEnding(unbilled, refusal, 426), context);
    } catch (failure) {
      context.observer.failed("call could not be recorded", exchange, failure);
    }
    refuse(response, openAiResponses, upgrade, ids);
  }
}

function responseOn(connection: Duplex, request: IncomingMessage): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  // An upgrade's connection is the very socket that node:http has parsed the request from.
  response.assignSocket(request.socket);
  response.once("finish", () => connection.end());
  return response;
}

function callerOf(
  { headers, rawHeaders, url = "", socket }: IncomingMessage,
  tls: Pick<TlsListener, "certificateOf"> | null,
): Caller {
  const at = url.indexOf("?");
  const certificate = tls?.certificateOf(socket) ?? null;
  return { headers, rawHeaders, query: at === -1 ? "" : url.slice(at), certificate };
}

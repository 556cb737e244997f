import { createServer, type ServerResponse } from "node:http";
import { listenFault } from "./claim-port.ts";

export interface MetricsListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly collect: () => Promise<{ text: string; contentType: string }>;
  readonly isReady: () => boolean;
}

export interface MetricsListener {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves `/metrics`, `/livez` and `/readyz`. @throws StartFault when it cannot listen. */
export async function listenForMetrics(options: MetricsListenerOptions): Promise<MetricsListener> {
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    void answer(request.url ?? "", response, options);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(listenFault("metrics", options, error)));
    server.listen({ host: options.host, port: options.port }, resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : options.port;
  const host = options.host.includes(":") ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  url: string,
  response: ServerResponse,
  options: MetricsListenerOptions,
): Promise<void> {
  const send = (status: number, contentType: string, text: string) => {
    response.writeHead(status, { "content-type": contentType, "cache-control": "no-store" });
    response.end(text);
  };
  switch (url.split("?", 1)[0]) {
    case "/metrics":
      try {
        const { text, contentType } = await options.collect();
        send(200, contentType, text);
      } catch {
        send(500, "text/plain", "the metrics could not be collected\n");
      }
      return;
    case "/livez":
      send(200, "text/plain", "ok\n");
      return;
    case "/readyz":
      if (options.isReady()) send(200, "text/plain", "ok\n");
      else send(503, "text/plain", "not ready\n");
      return;
    default:
      send(404, "text/plain", "not found: /metrics, /livez, /readyz\n");
  }
}

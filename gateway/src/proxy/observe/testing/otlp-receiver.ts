/** A collector for tests: takes OTLP over HTTP on loopback and keeps what it was sent. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";

interface OtlpValue {
  stringValue?: string;
  boolValue?: boolean;
  intValue?: number | string;
  doubleValue?: number;
  arrayValue?: { values: OtlpValue[] };
}

interface OtlpAttribute {
  key: string;
  value: OtlpValue;
}

export interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  traceState?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: OtlpAttribute[];
  status: { code: number };
}

export interface OtlpMetric {
  name: string;
  unit: string;
  histogram?: {
    dataPoints: {
      attributes: OtlpAttribute[];
      count: number | string;
      sum: number;
      explicitBounds: number[];
    }[];
  };
}

interface Scope {
  scope: { name: string; version?: string };
  schemaUrl?: string;
  spans?: OtlpSpan[];
  metrics?: OtlpMetric[];
}

interface Payload {
  resourceSpans?: { resource: { attributes: OtlpAttribute[] }; scopeSpans: Scope[] }[];
  resourceMetrics?: { resource: { attributes: OtlpAttribute[] }; scopeMetrics: Scope[] }[];
}

export async function startOtlpReceiver(status = 200) {
  const requests: { path: string; headers: IncomingHttpHeaders; payload: Payload }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const payload: Payload = JSON.parse(Buffer.concat(chunks).toString());
      requests.push({ path: request.url ?? "", headers: request.headers, payload });
      response.writeHead(status, { "content-type": "application/json" }).end("{}");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    scopes: () =>
      requests.flatMap(({ payload }) => [
        ...(payload.resourceSpans ?? []).flatMap(({ scopeSpans }) => scopeSpans),
        ...(payload.resourceMetrics ?? []).flatMap(({ scopeMetrics }) => scopeMetrics),
      ]),
    spans: () =>
      requests.flatMap(({ payload }) =>
        (payload.resourceSpans ?? []).flatMap(({ scopeSpans }) =>
          scopeSpans.flatMap(({ spans }) => spans ?? []),
        ),
      ),
    metrics: () =>
      requests.flatMap(({ payload }) =>
        (payload.resourceMetrics ?? []).flatMap(({ scopeMetrics }) =>
          scopeMetrics.flatMap(({ metrics }) => metrics ?? []),
        ),
      ),
    resources: () =>
      requests.flatMap(({ payload }) =>
        [...(payload.resourceSpans ?? []), ...(payload.resourceMetrics ?? [])].map(({ resource }) =>
          plain(resource.attributes),
        ),
      ),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Attributes as an object of plain values. */
export function plain(attributes: OtlpAttribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plainValue(value)]));
}

function plainValue(value: OtlpValue): unknown {
  if (value.arrayValue !== undefined) return value.arrayValue.values.map(plainValue);
  if (value.intValue !== undefined) return Number(value.intValue);
  return value.stringValue ?? value.boolValue ?? value.doubleValue;
}

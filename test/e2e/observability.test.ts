import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { parseMetrics } from "../../gateway/src/proxy/testing/parse-metrics.ts";
import { type RunningWeir, startWeir } from "../support/start-weir.ts";

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

async function chat(weir: RunningWeir, headers: Record<string, string> = {}): Promise<void> {
  const response = await fetch(`${weir.gateway}/v1/chat/completions`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${weir.key}`,
      "content-type": "application/json",
      ...headers,
    },
    body: JSON.stringify({ model: "sim-echo", messages: [{ role: "user", content: "Hello" }] }),
  });
  expect(response.status).toBe(200);
  await response.text();
}

/** Collects what is posted to it, as text. */
async function startCollector() {
  const received: { path: string; body: string }[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      received.push({ path: request.url ?? "", body: await text(request) });
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stops.push(async () => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { url: `http://127.0.0.1:${port}`, received };
}

test("with an OTLP endpoint in the environment, the spans and metrics of calls arrive there", async () => {
  const collector = await startCollector();
  const weir = await startWeir({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } });
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  await chat(weir, { traceparent: `00-${traceId}-00f067aa0ba902b7-01` });
  // What is left is sent when Weir ends.
  expect(await weir.stop()).toBe(0);
  const bodyOf = (path: string) =>
    collector.received
      .filter((request) => request.path === path)
      .map(({ body }) => body)
      .join("\n");
  const traces = bodyOf("/v1/traces");
  expect(traces).toContain(`"traceId":"${traceId}"`);
  expect(traces).toContain('"name":"chat sim-echo"');
  expect(traces).not.toContain("Hello");
  expect(bodyOf("/v1/metrics")).toContain('"name":"gen_ai.client.operation.duration"');
});

test("a scrape of the whole system is valid, and has the proxies' metrics", async () => {
  const weir = await startWeir({ workers: 2 });
  stops.push(() => weir.stop());
  await chat(weir);
  const families = parseMetrics(await (await fetch(`${weir.metrics}/metrics`)).text());
  const names = new Set(families.map(({ name }) => name));
  for (const name of [
    "weir_build_info",
    "weir_requests_total",
    "weir_attempts_total",
    "weir_stage_duration_seconds",
    "weir_tokens_total",
    "weir_usage_total",
    "weir_upstream_inflight",
    "weir_breaker_state",
    "weir_ledger_up",
  ]) {
    expect(names, name).toContain(name);
  }
});

test("an OTLP setting that cannot be right stops the start with a message that names it", async () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4317" };
  await expect(startWeir({ env })).rejects.toThrow(/OTEL_EXPORTER_OTLP_ENDPOINT/);
});

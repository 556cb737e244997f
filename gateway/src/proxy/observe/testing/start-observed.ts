/** Telemetry from a finished call to a collector: all of it real, on loopback. */
import { startTelemetry, type TelemetryOptions } from "../../../shell/telemetry.ts";
import { createCallTelemetry } from "../call-telemetry.ts";
import { pooledRandom } from "../pooled-random.ts";
import { SpanIds } from "../span-ids.ts";
import { callSpanId } from "./observed-calls.ts";
import { plain, startOtlpReceiver } from "./otlp-receiver.ts";

export async function startObserved(
  changes: Partial<TelemetryOptions> & { collectorStatus?: number } = {},
) {
  const receiver = await startOtlpReceiver(changes.collectorStatus);
  const spanIds = new SpanIds(pooledRandom());
  const problems: string[] = [];
  const telemetry = startTelemetry({
    endpoint: `${receiver.url}/`,
    headers: { authorization: "Bearer for-the-collector" },
    serviceName: "weir-test",
    serviceVersion: "1.2.3",
    serviceInstanceId: "proxy-0",
    resourceAttributes: { "deployment.environment.name": "test" },
    sampleRatio: 1,
    metricIntervalMs: 60_000,
    idGenerator: spanIds,
    onProblem: (message) => problems.push(message),
    ...changes,
  });
  return {
    receiver,
    problems,
    record: createCallTelemetry({ ...telemetry, spanIds }),
    flush: () => telemetry.shutdown(),
    /** Ends telemetry and returns what the collector has then. */
    async spans() {
      await telemetry.shutdown();
      const spans = receiver.spans();
      const call = spans.find(({ spanId }) => spanId === callSpanId);
      return { spans, call, attributes: plain(call?.attributes ?? []) };
    },
    async points(name: string) {
      await telemetry.shutdown();
      const metrics = receiver.metrics().filter((metric) => metric.name === name);
      return metrics.flatMap(({ histogram, unit }) =>
        (histogram?.dataPoints ?? []).map((point) => ({
          unit,
          sum: point.sum,
          bounds: point.explicitBounds,
          attributes: plain(point.attributes),
        })),
      );
    },
    async close() {
      await telemetry.shutdown();
      await receiver.close();
    },
  };
}

export type Observed = Awaited<ReturnType<typeof startObserved>>;

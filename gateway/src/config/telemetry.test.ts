import { expect, test } from "vitest";
import { ConfigError } from "./problem.ts";
import { readTelemetry } from "./telemetry.ts";

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318" };

test("telemetry is off without an endpoint, and when the SDK is disabled", () => {
  expect(readTelemetry({})).toBeNull();
  expect(readTelemetry({ OTEL_EXPORTER_OTLP_ENDPOINT: "", OTEL_SERVICE_NAME: "x" })).toBeNull();
  expect(readTelemetry({ ...endpoint, OTEL_SDK_DISABLED: "true" })).toBeNull();
});

test("an endpoint alone is enough", () => {
  expect(readTelemetry(endpoint)).toEqual({
    endpoint: "http://127.0.0.1:4318",
    headers: {},
    serviceName: "weir",
    resourceAttributes: {},
    sampleRatio: 1,
    metricIntervalMs: 60_000,
  });
});

test("the standard variables are read, with percent-encoded values", () => {
  const settings = readTelemetry({
    ...endpoint,
    OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20a%2Cb, x-scope = one,",
    OTEL_SERVICE_NAME: "weir-eu",
    OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=prod",
    OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
    OTEL_TRACES_SAMPLER_ARG: "0.25",
    OTEL_METRIC_EXPORT_INTERVAL: "5000",
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
  });
  expect(settings).toMatchObject({
    headers: { authorization: "Bearer a,b", "x-scope": "one" },
    serviceName: "weir-eu",
    resourceAttributes: { "deployment.environment.name": "prod" },
    sampleRatio: 0.25,
    metricIntervalMs: 5_000,
  });
});

test("every problem is told at once, and none tells a header's value", () => {
  const read = () =>
    readTelemetry({
      OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4317",
      OTEL_EXPORTER_OTLP_HEADERS: "authorization=%secret",
      OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
      OTEL_TRACES_SAMPLER: "jaeger_remote",
      OTEL_METRIC_EXPORT_INTERVAL: "soon",
    });
  const problems = problemsOf(read);
  expect(problems.map(({ source }) => source)).toEqual([
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_PROTOCOL",
    "OTEL_EXPORTER_OTLP_HEADERS",
    "OTEL_TRACES_SAMPLER",
    "OTEL_METRIC_EXPORT_INTERVAL",
  ]);
  expect(JSON.stringify(problems)).not.toContain("secret");
});

test("a sampling ratio outside 0 to 1 is a problem", () => {
  const ratio = { OTEL_TRACES_SAMPLER: "parentbased_traceidratio", OTEL_TRACES_SAMPLER_ARG: "2" };
  expect(problemsOf(() => readTelemetry({ ...endpoint, ...ratio }))).toHaveLength(1);
});

function problemsOf(read: () => unknown) {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

/** OpenTelemetry's standard environment variables: with an endpoint set, telemetry is on. */
import { ConfigError, type ConfigProblem } from "./problem.ts";

export interface TelemetrySettings {
  /** Base URL of a collector that takes OTLP over HTTP. */
  readonly endpoint: string;
  /** Secret: a credential for the collector may be among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  readonly resourceAttributes: Readonly<Record<string, string>>;
  readonly sampleRatio: number;
  readonly metricIntervalMs: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_METRIC_INTERVAL_MS = 60_000;
const MIN_METRIC_INTERVAL_MS = 1_000;

/**
 * What the environment says, or null while telemetry is off.
 *
 * @throws ConfigError with every problem; never with a header's value.
 */
export function readTelemetry(env: Environment): TelemetrySettings | null {
  const endpoint = env["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? "";
  if (endpoint === "" || env["OTEL_SDK_DISABLED"]?.toLowerCase() === "true") return null;
  const problems: ConfigProblem[] = [];
  const report = (source: string, message: string) => {
    problems.push({ source, path: "", message });
  };
  checkEndpoint(endpoint, report);
  checkProtocol(env["OTEL_EXPORTER_OTLP_PROTOCOL"] ?? "", report);
  const settings: TelemetrySettings = {
    endpoint,
    headers: readPairs(env, "OTEL_EXPORTER_OTLP_HEADERS", report),
    serviceName: env["OTEL_SERVICE_NAME"] || "weir",
    resourceAttributes: readPairs(env, "OTEL_RESOURCE_ATTRIBUTES", report),
    sampleRatio: readSampleRatio(env, report),
    metricIntervalMs: readInterval(env["OTEL_METRIC_EXPORT_INTERVAL"] ?? "", report),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return settings;
}

type Report = (source: string, message: string) => void;

function checkEndpoint(endpoint: string, report: Report): void {
  const protocol = URL.canParse(endpoint) ? new URL(endpoint).protocol : "";
  if (protocol === "http:" || protocol === "https:") return;
  report(
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "must be the URL of a collector, for example http://127.0.0.1:4318",
  );
}

function checkProtocol(protocol: string, report: Report): void {
  // Collectors take JSON where they take protobuf: on the same port and path.
  if (["", "http/json", "http/protobuf"].includes(protocol)) return;
  report(
    "OTEL_EXPORTER_OTLP_PROTOCOL",
    "must be http/json: Weir does not speak gRPC. Name the collector's HTTP port, usually 4318",
  );
}

/** `key=value,key=value`, values percent-encoded (W3C Baggage, as OTLP's specification says). */
function readPairs(env: Environment, variable: string, report: Report): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (const pair of (env[variable] ?? "").split(",")) {
    if (pair.trim() === "") continue;
    const equals = pair.indexOf("=");
    const key = pair.slice(0, Math.max(0, equals)).trim();
    const value = decoded(pair.slice(equals + 1).trim());
    if (key === "" || value === null) {
      report(variable, "must be a list of key=value with commas between, values percent-encoded");
      return {};
    }
    pairs[key] = value;
  }
  return pairs;
}

function decoded(value: string): string | null {
  try {
    return decodeURIComponent(value);
  } catch {
    return null;
  }
}

function readSampleRatio(env: Environment, report: Report): number {
  const sampler = env["OTEL_TRACES_SAMPLER"] ?? "";
  if (["", "parentbased_always_on"].includes(sampler)) return 1;
  if (sampler === "parentbased_always_off") return 0;
  if (sampler !== "parentbased_traceidratio") {
    report(
      "OTEL_TRACES_SAMPLER",
      "must be parentbased_always_on, parentbased_always_off or parentbased_traceidratio",
    );
    return 1;
  }
  const ratio = Number(env["OTEL_TRACES_SAMPLER_ARG"] || "1");
  if (ratio >= 0 && ratio <= 1) return ratio;
  report("OTEL_TRACES_SAMPLER_ARG", "must be a number from 0 to 1");
  return 1;
}

function readInterval(text: string, report: Report): number {
  if (text === "") return DEFAULT_METRIC_INTERVAL_MS;
  const intervalMs = Number(text);
  if (Number.isInteger(intervalMs) && intervalMs >= MIN_METRIC_INTERVAL_MS) return intervalMs;
  report("OTEL_METRIC_EXPORT_INTERVAL", "must be a whole number of milliseconds, at least 1000");
  return DEFAULT_METRIC_INTERVAL_MS;
}

/** OpenTelemetry's SDK: spans and metrics of this process to a collector, as OTLP over HTTP (JSON). */
import { diag, DiagLogLevel, type Meter, type Tracer } from "@opentelemetry/api";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type IdGenerator,
} from "@opentelemetry/sdk-trace";
import { instrumentationScope, schemaUrl } from "./telemetry-names.ts";

export interface TelemetryOptions {
  /** The collector's base URL; `/v1/traces` and `/v1/metrics` are added to it. */
  readonly endpoint: string;
  /** For the collector, perhaps with a credential among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  readonly serviceVersion: string;
  /** Unique among all processes that export under this service name. */
  readonly serviceInstanceId: string;
  readonly resourceAttributes: Readonly<Record<string, string>>;
  /** Share of the traces that begin here, 0 to 1; a caller's own choice is kept to. */
  readonly sampleRatio: number;
  readonly metricIntervalMs: number;
  readonly idGenerator: IdGenerator;
  /** Told that an export failed, at most once a minute. */
  readonly onProblem: (message: string) => void;
}

export interface Telemetry {
  readonly tracer: Tracer;
  readonly meter: Meter;
  /** Sends what is left, for three seconds at most. */
  shutdown(): Promise<void>;
}

const SPAN_QUEUE = 4_096;
/** Small batches: one is made into JSON at a stretch, and calls wait meanwhile. */
const SPAN_BATCH = 256;
const SPAN_DELAY_MS = 2_000;
const EXPORT_TIMEOUT_MS = 5_000;
const SHUTDOWN_MS = 3_000;
const SERIES_PER_METRIC = 2_000;
const PROBLEM_INTERVAL_MS = 60_000;

export function startTelemetry(options: TelemetryOptions): Telemetry {
  reportProblems(options.onProblem);
  const { serviceVersion: version } = options;
  const resource = resourceFromAttributes({
    ...options.resourceAttributes,
    "service.name": options.serviceName,
    "service.version": version,
    "service.instance.id": options.serviceInstanceId,
  });
  const traces = new TracerProvider({
    resource,
    idGenerator: options.idGenerator,
    sampler: samplerOf(options.sampleRatio),
    spanLimits: { attributeValueLengthLimit: 512, attributeCountLimit: 64, eventCountLimit: 8 },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter(exporterOptions(options, "traces")),
        maxQueueSize: SPAN_QUEUE,
        maxExportBatchSize: SPAN_BATCH,
        scheduledDelayMillis: SPAN_DELAY_MS,
        exportTimeoutMillis: EXPORT_TIMEOUT_MS,
      }),
    ],
  });
  const metrics = new MeterProvider({
    resource,
    readers: [
      new PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter(exporterOptions(options, "metrics")),
        exportIntervalMillis: options.metricIntervalMs,
        exportTimeoutMillis: Math.min(EXPORT_TIMEOUT_MS, options.metricIntervalMs),
        cardinalityLimits: { default: SERIES_PER_METRIC },
      }),
    ],
  });
  return {
    tracer: traces.getTracer(instrumentationScope, version, { schemaUrl }),
    meter: metrics.getMeter(instrumentationScope, version, { schemaUrl }),
    shutdown: async () => {
      const within = Promise.withResolvers<void>();
      const timer = setTimeout(within.resolve, SHUTDOWN_MS);
      const done = Promise.allSettled([traces.shutdown(), metrics.shutdown()]);
      await Promise.race([done, within.promise]);
      clearTimeout(timer);
    },
  };
}

function exporterOptions({ endpoint, headers }: TelemetryOptions, signal: "metrics" | "traces") {
  return {
    url: `${endpoint.replace(/\/+$/, "")}/v1/${signal}`,
    headers: { ...headers },
    timeoutMillis: EXPORT_TIMEOUT_MS,
    concurrencyLimit: 2,
  };
}

function samplerOf(ratio: number) {
  const root = ratio >= 1 ? new AlwaysOnSampler() : new TraceIdRatioBasedSampler(ratio);
  return new ParentBasedSampler({ root });
}

function reportProblems(onProblem: (message: string) => void): void {
  let quietUntil = 0;
  const report = (message: string) => {
    if (performance.now() < quietUntil) return;
    quietUntil = performance.now() + PROBLEM_INTERVAL_MS;
    onProblem(message.slice(0, 500));
  };
  const ignore = () => {};
  const logger = { error: report, warn: report, info: ignore, debug: ignore, verbose: ignore };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}

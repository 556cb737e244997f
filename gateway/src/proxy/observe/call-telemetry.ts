/** Tells OpenTelemetry of calls that have ended; the only part of the data plane that knows it. */
import type { Meter, Tracer } from "@opentelemetry/api";
import { CallMetrics } from "./call-metrics.ts";
import { CallSpans } from "./call-spans.ts";
import type { ObservedCall } from "./observed-call.ts";
import { ProviderIdentities } from "./provider-name.ts";
import type { SpanIds } from "./span-ids.ts";

/** What the process has started; the SDK behind it makes spans with the ids of `spanIds`. */
export interface TelemetrySource {
  readonly tracer: Tracer;
  readonly meter: Meter;
  readonly spanIds: SpanIds;
}

export type CallTelemetry = (call: ObservedCall) => void;

export function createCallTelemetry({ tracer, meter, spanIds }: TelemetrySource): CallTelemetry {
  const identities = new ProviderIdentities();
  const spans = new CallSpans(tracer, spanIds, identities);
  const metrics = new CallMetrics(meter);
  return (call) => {
    spans.record(call);
    metrics.record(call, call.provider === null ? null : identities.of(call.provider));
  };
}

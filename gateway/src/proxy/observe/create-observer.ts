import type { ProxyMetrics } from "../metrics.ts";
import type { PipelineContext } from "../pipeline-context.ts";
import type { CallTelemetry } from "./call-telemetry.ts";
import { observeExchange } from "./observe-exchange.ts";

type Observer = PipelineContext["observer"];

/** Tells metrics, and telemetry if it is on, of what happens to calls. */
export function createObserver(options: {
  metrics: Pick<ProxyMetrics, "finished" | "passed">;
  telemetry: CallTelemetry | null;
  upstreams: Parameters<typeof observeExchange>[2];
  monotonicMs: () => number;
  failed: Observer["failed"];
}): Observer {
  const { metrics, telemetry, upstreams, monotonicMs, failed } = options;
  return {
    failed,
    passed: (stage, ms) => metrics.passed(stage, ms),
    finished: (exchange, ending) => {
      // A call must be recorded whatever becomes of its telemetry.
      try {
        const call = observeExchange(exchange, ending, upstreams, monotonicMs());
        metrics.finished(call);
        telemetry?.(call);
      } catch (error) {
        failed("call could not be observed", exchange, error);
      }
    },
  };
}

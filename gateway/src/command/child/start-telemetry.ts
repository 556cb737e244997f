import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { readTelemetry } from "../../config/telemetry.ts";
import type { TelemetrySource } from "../../proxy/observe/call-telemetry.ts";
import { pooledRandom } from "../../proxy/observe/pooled-random.ts";
import { SpanIds } from "../../proxy/observe/span-ids.ts";

export interface RunningTelemetry extends TelemetrySource {
  shutdown(): Promise<void>;
}

/**
 * Starts telemetry if the environment says so; null = off, and then its libraries are not loaded.
 *
 * @throws ConfigError
 */
export async function startProxyTelemetry(
  env: Readonly<Record<string, string | undefined>>,
  version: string,
  log: Logger,
): Promise<RunningTelemetry | null> {
  const settings = readTelemetry(env);
  if (settings === null) return null;
  const { startTelemetry } = await import("../../shell/telemetry.ts");
  const spanIds = new SpanIds(pooledRandom());
  const telemetry = startTelemetry({
    ...settings,
    serviceVersion: version,
    // Workers that share one would overwrite each other's metrics.
    serviceInstanceId: randomUUID(),
    idGenerator: spanIds,
    onProblem: (problem) => log.warn({ problem }, "telemetry could not be exported"),
  });
  return { ...telemetry, spanIds };
}

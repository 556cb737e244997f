import type { Config } from "../../config/schema.ts";
import type { TestProxyOptions } from "./test-proxy-options.ts";

/** What weir.yaml would say for a test's proxy. */
export function settingsOf(
  options: TestProxyOptions,
): Pick<Config, "limits" | "providers" | "routing"> {
  const limits: Config["limits"] = {
    maxBodyBytes: 65_536,
    maxUploadBytes: 1_048_576,
    connectTimeoutMs: 2_000,
    firstByteTimeoutMs: 10_000,
    idleTimeoutMs: 10_000,
    shutdownGraceMs: 1_000,
    assumedOutputTokens: 1_000,
    valkeyUrl: "",
    valkeyPasswordEnv: "",
    replicas: 1,
    ...options.limits,
  };
  const providers: Config["providers"] =
    options.providers ??
    (["openai", "anthropic", "gemini"] as const).map((dialect) => ({
      name: "test",
      dialect,
      baseUrl: dialect === "openai" ? `${options.upstreamUrl}/v1` : options.upstreamUrl,
      models: ["*"],
      prices: { "*": { input: 1, output: 2 } },
    }));
  const routing: Config["routing"] = {
    retries: 0,
    backoffMs: 1,
    maxBackoffMs: 2_000,
    breakerFailures: 1_000,
    breakerOpenMs: 30_000,
    ...options.routing,
  };
  return { limits, providers, routing };
}

import { Agent } from "undici";
import { matchesPattern } from "../../../contracts/pattern.ts";
import type { Upstream } from "../../upstream.ts";

const dispatcher = new Agent();

/** A provider that is only looked at, never asked. */
export function upstreamOf(
  name: string,
  told: { dialect?: Upstream["dialect"]; models?: string[]; maxConcurrent?: number } = {},
): Upstream {
  const models = told.models ?? ["*"];
  const named = models.filter((pattern) => pattern !== "*");
  return {
    name,
    dialect: told.dialect ?? "openai",
    origin: "http://127.0.0.1:1",
    basePath: "",
    dispatcher,
    timeouts: { connectMs: 1, firstByteMs: 1, idleMs: 1 },
    apiKey: null,
    maxConcurrent: told.maxConcurrent ?? null,
    webSocket: false,
    forwardsTraceContext: false,
    serves: (model) => models.some((pattern) => matchesPattern(pattern, model)),
    servesByName: (model) => named.some((pattern) => matchesPattern(pattern, model)),
  };
}

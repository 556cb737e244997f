import { type Dispatcher, interceptors, Pool } from "undici";
import type { Config, ProviderConfig, ProviderDialect } from "../config/schema.ts";
import { matchesPattern } from "../contracts/pattern.ts";

export interface UpstreamTimeouts {
  readonly connectMs: number;
  readonly firstByteMs: number;
  readonly idleMs: number;
}

/** One provider as the proxy reaches it. */
export interface Upstream {
  readonly name: string;
  readonly dialect: ProviderDialect;
  readonly origin: string;
  readonly basePath: string;
  readonly dispatcher: Dispatcher;
  readonly apiKey: string | null;
  readonly maxConcurrent: number | null;
  readonly webSocket: boolean;
  readonly forwardsTraceContext: boolean;
  readonly timeouts: UpstreamTimeouts;
  serves(model: string): boolean;
  /** Serves this model by a pattern that says more than `*`. */
  servesByName(model: string): boolean;
}

export interface Upstreams {
  readonly all: readonly Upstream[];
  close(): Promise<void>;
}

export function openUpstreams(
  config: Pick<Config, "providers" | "limits">,
  secrets: ReadonlyMap<string, string>,
  maxConnections: number,
): Upstreams {
  const pools: Pool[] = [];
  const all = config.providers.map((provider) => {
    const timeouts = timeoutsOf(provider, config.limits);
    const pool = openPool(provider, timeouts, maxConnections);
    pools.push(pool);
    return openUpstream(provider, secrets.get(provider.name) ?? null, timeouts, pool);
  });
  return {
    all,
    close: async () => {
      await Promise.all(pools.map((pool) => pool.destroy()));
    },
  };
}

function timeoutsOf({ timeouts }: ProviderConfig, limits: Config["limits"]): UpstreamTimeouts {
  return {
    connectMs: timeouts?.connectMs ?? limits.connectTimeoutMs,
    firstByteMs: timeouts?.firstByteMs ?? limits.firstByteTimeoutMs,
    idleMs: timeouts?.idleMs ?? limits.idleTimeoutMs,
  };
}

function openPool(provider: ProviderConfig, timeouts: UpstreamTimeouts, connections: number): Pool {
  return new Pool(new URL(provider.baseUrl).origin, {
    connections,
    pipelining: 1,
    // One call a connection: a slow stream must not hold up another one behind it.
    allowH2: false,
    connect: { timeout: timeouts.connectMs },
    headersTimeout: timeouts.firstByteMs,
    bodyTimeout: timeouts.idleMs,
  });
}

function openUpstream(
  provider: ProviderConfig,
  apiKey: string | null,
  timeouts: UpstreamTimeouts,
  pool: Pool,
): Upstream {
  const base = new URL(provider.baseUrl);
  const named = provider.models.filter((pattern) => pattern !== "*");
  return {
    name: provider.name,
    dialect: provider.dialect,
    origin: base.origin,
    basePath: base.pathname.replace(/\/+$/, ""),
    apiKey,
    maxConcurrent: provider.maxConcurrent ?? null,
    webSocket: provider.webSocket ?? false,
    forwardsTraceContext: provider.forwardTraceContext ?? false,
    timeouts,
    serves: (model) => provider.models.some((pattern) => matchesPattern(pattern, model)),
    servesByName: (model) => named.some((pattern) => matchesPattern(pattern, model)),
    // We ask for no compression; a provider that compresses all the same must not blind metering.
    dispatcher: pool.compose(interceptors.decompress({ skipErrorResponses: false })),
  };
}

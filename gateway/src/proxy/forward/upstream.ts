import { Pool } from "undici";
import type { Config, ProviderConfig } from "../../config/schema.ts";
import { matchesPattern } from "../../contracts/pattern.ts";

/** One provider as the proxy reaches it. */
export interface Upstream {
  readonly name: string;
  readonly dialect: "openai" | "anthropic";
  readonly basePath: string;
  readonly pool: Pool;
  readonly apiKey: string | null;
  serves(model: string): boolean;
}

export interface Upstreams {
  /** The first configured provider of this kind that serves the model, among `allowed` if given. */
  select(
    dialect: Upstream["dialect"],
    model: string,
    allowed?: ReadonlySet<string> | null,
  ): Upstream | undefined;
  ofDialect(dialect: Upstream["dialect"]): readonly Upstream[];
  close(): Promise<void>;
}

export function openUpstreams(
  config: Pick<Config, "providers" | "limits">,
  secrets: ReadonlyMap<string, string>,
  maxConnections: number,
): Upstreams {
  const upstreams = config.providers.map((provider) =>
    openUpstream(provider, secrets.get(provider.name) ?? null, config.limits, maxConnections),
  );
  return {
    select: (dialect, model, allowed = null) =>
      upstreams.find(
        (upstream) =>
          upstream.dialect === dialect &&
          upstream.serves(model) &&
          (allowed === null || allowed.has(upstream.name)),
      ),
    ofDialect: (dialect) => upstreams.filter((upstream) => upstream.dialect === dialect),
    close: async () => {
      await Promise.all(upstreams.map(({ pool }) => pool.destroy()));
    },
  };
}

function openUpstream(
  provider: ProviderConfig,
  apiKey: string | null,
  limits: Config["limits"],
  connections: number,
): Upstream {
  const base = new URL(provider.baseUrl);
  return {
    name: provider.name,
    dialect: provider.dialect,
    basePath: base.pathname.replace(/\/+$/, ""),
    apiKey,
    serves: (model) => provider.models.some((pattern) => matchesPattern(pattern, model)),
    pool: new Pool(base.origin, {
      connections,
      pipelining: 1,
      // One call a connection: a slow stream must not hold up another one behind it.
      allowH2: false,
      connect: { timeout: limits.connectTimeoutMs },
      headersTimeout: limits.firstByteTimeoutMs,
      bodyTimeout: limits.idleTimeoutMs,
    }),
  };
}

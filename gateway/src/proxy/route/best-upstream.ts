import type { ProviderDialect } from "../../config/schema.ts";
import type { Upstream } from "../upstream.ts";

export interface Wanted {
  dialect: ProviderDialect;
  canTranslate(to: ProviderDialect): boolean;
  /** Empty = any model that the provider has. */
  model: string;
  /** Null = any. */
  providers: ReadonlySet<string> | null;
}

/**
 * The provider for a model that is no alias: one that names it before one that takes anything
 * (`*`), then one that speaks the caller's dialect before one that needs a translation, then the
 * order of the configuration.
 */
export function bestUpstream(upstreams: readonly Upstream[], wanted: Wanted): Upstream | undefined {
  let best: Upstream | undefined;
  let bestRank = 0;
  for (const upstream of upstreams) {
    const rank = rankOf(upstream, wanted);
    if (rank > bestRank) [best, bestRank] = [upstream, rank];
  }
  return best;
}

function rankOf(upstream: Upstream, wanted: Wanted): number {
  if (wanted.providers !== null && !wanted.providers.has(upstream.name)) return 0;
  if (wanted.model !== "" && !upstream.serves(wanted.model)) return 0;
  const isSame = upstream.dialect === wanted.dialect;
  if (!isSame && !wanted.canTranslate(upstream.dialect)) return 0;
  const isNamed = wanted.model !== "" && upstream.servesByName(wanted.model);
  return (isNamed ? 2 : 0) + (isSame ? 1 : 0) + 1;
}

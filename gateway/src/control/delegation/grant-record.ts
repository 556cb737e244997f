import type { Selectable } from "kysely";
import type { GrantView } from "../../contracts/api/grants.ts";
import { parseModels, parseScopes } from "../keys/key-record.ts";
import type { StoreSchema } from "../store/schema.ts";

export type GrantRow = Selectable<StoreSchema["grants"]>;

/** A grant as people see it. @throws for scopes that are not known: to guess would widen it. */
export function toGrantView(row: GrantRow): GrantView {
  return {
    id: row.id,
    personId: row.personId,
    agent: row.agent,
    scopes: parseScopes(row.scopes) ?? [],
    models: parseModels(row.models),
    tools: parseModels(row.tools),
    maxHops: row.maxHops,
    fromMs: row.fromMs,
    untilMs: row.untilMs,
    createdAtMs: row.createdAtMs,
    revokedAtMs: row.revokedAtMs,
    lastUsedAtMs: row.lastUsedAtMs,
  };
}

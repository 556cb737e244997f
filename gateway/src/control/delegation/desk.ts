import type { Config } from "../../config/schema.ts";
import type { SnapshotDelegation, SnapshotGrant } from "../../contracts/delegation.ts";
import { parseScopes } from "../keys/key-record.ts";
import type { ControlContext } from "../store/change.ts";
import type { Store } from "../store/open-store.ts";
import { parseStrings } from "../store/parse-strings.ts";
import type { StoreSchema } from "../store/schema.ts";
import { createServiceTokens, type ServiceTokens } from "./service-tokens.ts";
import { SigningKeys } from "./signing-keys.ts";

export interface DelegationDesk {
  readonly keys: SigningKeys;
  readonly tokenLifetimeMs: number;
  readonly services: Config["identity"]["services"];
  readonly serviceTokens: ServiceTokens;
  /** Origin of the authorization server, which is control; empty until it listens. */
  readonly issuer: () => string;
  /** What the gateway is called as an audience; empty until it listens. */
  readonly resource: () => string;
  /** Every audience that a token may be for. */
  readonly resources: () => ReadonlySet<string>;
  /** What proxies have to know; null while nobody knows where Weir is reached. */
  readonly inForce: () => Promise<SnapshotDelegation | null>;
}

/** The part of control that answers for agents acting in people's names. */
export function createDelegationDesk(options: {
  readonly identity: Pick<Config["identity"], "delegation" | "issuers" | "services">;
  readonly context: Pick<ControlContext, "store" | "now" | "randomBytes">;
  readonly controlToken: string;
  readonly issuer: () => string;
  readonly gatewayUrl: () => string;
}): DelegationDesk {
  const { identity, context, issuer } = options;
  const { delegation, services } = identity;
  const keys = new SigningKeys(context, options.controlToken);
  const resource = () => delegation.gatewayUrl || options.gatewayUrl();
  const serviceIds = services.map(({ id }) => id).toSorted();
  return {
    keys,
    tokenLifetimeMs: delegation.tokenLifetimeMs,
    services,
    serviceTokens: createServiceTokens(identity, context.now),
    issuer,
    resource,
    resources: () => new Set([resource(), ...delegation.resources]),
    inForce: async () => {
      if (issuer() === "" || resource() === "") return null;
      const grants = await readGrants(context.store, context.now());
      // Proxies know the key before the first token that is signed with it.
      if (grants.length > 0) await keys.ensure();
      const published = await keys.published();
      return {
        issuer: issuer(),
        resource: resource(),
        keys: published,
        grants,
        services: serviceIds,
      };
    },
  };
}

async function readGrants(store: Store, nowMs: number): Promise<SnapshotGrant[]> {
  const rows = await store
    .selectFrom("grants")
    .innerJoin("people", "people.id", "grants.personId")
    .innerJoin("teams", "teams.id", "people.teamId")
    .select(["grants.id", "grants.personId", "grants.agent", "grants.scopes", "grants.models"])
    .select(["grants.tools", "grants.maxHops", "grants.fromMs", "grants.untilMs"])
    .select(["people.teamId", "people.roles"])
    .select(({ fn }) => fn.coalesce("people.costCenter", "teams.costCenter").as("costCenter"))
    .where("grants.revokedAtMs", "is", null)
    .where("grants.untilMs", ">", nowMs)
    .where("people.removedAtMs", "is", null)
    .orderBy("grants.id")
    .execute();
  return rows.map(toSnapshotGrant);
}

function toSnapshotGrant({
  roles,
  scopes,
  models,
  tools,
  ...row
}: Omit<SnapshotGrant, "roles" | "scopes" | "models" | "tools"> &
  Pick<StoreSchema["grants"], "scopes" | "models" | "tools"> & { roles: string }): SnapshotGrant {
  return {
    ...row,
    roles: parseStrings(roles),
    scopes: parseScopes(scopes) ?? [],
    ...(models !== null && { models: parseStrings(models) }),
    ...(tools !== null && { tools: parseStrings(tools) }),
  };
}

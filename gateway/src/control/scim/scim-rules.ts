import type { Config } from "../../config/schema.ts";

export type ScimConfig = NonNullable<Config["identity"]["scim"]>;

/** Who a user is here, and what groups give. */
export interface ScimRules {
  readonly personAttribute: ScimConfig["personAttribute"];
  readonly groups: ScimConfig["groups"];
  /** Ids that no user may take: the owner that exists when weir.yaml names nobody. */
  readonly reservedIds: ReadonlySet<string>;
}

/** The rules of a configuration; null where the directory is not provisioned. */
export function scimRulesOf({
  identity: { scim },
  people,
}: Pick<Config, "identity" | "people">): ScimRules | null {
  if (scim === undefined) return null;
  const { personAttribute, groups } = scim;
  return { personAttribute, groups, reservedIds: new Set(people.length === 0 ? ["owner"] : []) };
}

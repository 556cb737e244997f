import type { Config, Role } from "../../config/schema.ts";
import { SignInRefusal } from "./sign-in-refusal.ts";

export type OidcConfig = NonNullable<Config["identity"]["oidc"]>;
export type Claims = Readonly<Record<string, unknown>>;

/** What a verified answer of the identity provider says of a person. */
export interface ClaimedPerson {
  readonly issuer: string;
  readonly subject: string;
  /** Id for a person who is new here; null where the claim cannot be one. */
  readonly claimedId: string | null;
  readonly name: string;
  readonly groups: readonly string[];
  /** The provider had more groups than it sends. */
  readonly areGroupsLeftOut: boolean;
}

/** As people in weir.yaml may be called. */
const personId = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,126}$/;
const maxNameLength = 200;
const maxGroups = 10_000;

function claimedIdOf(oidc: OidcConfig, claims: Claims): string | null {
  const value = claims[oidc.personClaim];
  if (typeof value !== "string" || !personId.test(value)) return null;
  // Anybody can write anybody's address into an account of their own.
  if (oidc.personClaim === "email" && claims["email_verified"] !== true) return null;
  return oidc.personClaim === "email" ? value.toLowerCase() : value;
}

function nameOf(oidc: OidcConfig, claims: Claims): string {
  const name = claims[oidc.nameClaim];
  if (typeof name !== "string") return "";
  return name
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, "")
    .trim()
    .slice(0, maxNameLength);
}

function groupsOf(oidc: OidcConfig, claims: Claims): string[] {
  const groups = claims[oidc.groupsClaim];
  if (typeof groups === "string") return [groups];
  if (!Array.isArray(groups)) return [];
  return groups.filter((group) => typeof group === "string").slice(0, maxGroups);
}

/** Reads claims whose signature, issuer and audience have been checked. */
export function readClaims(
  oidc: OidcConfig,
  claims: Claims & { readonly iss: string; readonly sub: string },
): ClaimedPerson {
  const elsewhere = claims["_claim_names"];
  const isListedElsewhere =
    typeof elsewhere === "object" && elsewhere !== null && oidc.groupsClaim in elsewhere;
  return {
    issuer: claims.iss,
    subject: claims.sub,
    claimedId: claimedIdOf(oidc, claims),
    name: nameOf(oidc, claims),
    groups: groupsOf(oidc, claims),
    // Entra ID's group overage.
    areGroupsLeftOut: isListedElsewhere || claims["hasgroups"] === true,
  };
}

export interface Assignment {
  readonly teamId: string;
  readonly roles: readonly Role[];
}

/**
 * Team and roles by group: the first listed group that gives a team wins, roles add up, and
 * whoever has a team is an employee. `*` stands for everybody.
 *
 * @returns null for somebody whose groups give no team.
 */
export function assignByGroups(
  groups: OidcConfig["groups"],
  memberships: readonly string[],
): Assignment | null {
  const member = new Set(memberships);
  const mapped = Object.entries(groups);
  const matching = [
    ...mapped.filter(([name]) => name !== "*" && member.has(name)),
    ...mapped.filter(([name]) => name === "*"),
  ];
  const teamId = matching.find(([, { team }]) => team !== undefined)?.[1].team;
  if (teamId === undefined) return null;
  const roles = new Set<Role>([
    "employee",
    ...matching.flatMap(([, mapping]) => mapping.roles ?? []),
  ]);
  return { teamId, roles: [...roles].toSorted() };
}

/** As {@link assignByGroups}. @throws {SignInRefusal} where there is none, or nobody can tell. */
export function requireAssignment(oidc: OidcConfig, person: ClaimedPerson): Assignment {
  const isTelling = Object.keys(oidc.groups).some((name) => name !== "*");
  // From half of the groups would come half of the roles, or another team.
  if (person.areGroupsLeftOut && isTelling) throw new SignInRefusal("WEIR_GROUPS_NOT_SENT");
  const assignment = assignByGroups(oidc.groups, person.groups);
  if (assignment === null) throw new SignInRefusal("WEIR_NO_MAPPED_GROUP");
  return assignment;
}

import type { Config } from "../../../config/schema.ts";
import type { ActiveSnapshot } from "../../snapshot/active-snapshot.ts";
import { Refusal } from "../../refusal.ts";
import type { Authenticated } from "../authenticated.ts";
import type { VerifiedClaims } from "./claims.ts";

export type ServiceConfig = Config["identity"]["services"][number];

/** Services by {@link serviceKey}. */
export type Services = ReadonlyMap<string, ServiceConfig>;

export function serviceKey(issuerName: string, subject: string): string {
  return `${issuerName} ${subject}`;
}

/**
 * Whom verified claims stand for: a configured service, or a person of the directory as the
 * snapshot has it. Team, cost center and roles are the directory's, never the token's, but for
 * a team that the configuration says to take from there.
 *
 * @throws Refusal WEIR_TOKEN_PERSON_UNKNOWN, WEIR_TOKEN_TEAM_UNKNOWN
 */
export function callerOf(
  claims: VerifiedClaims,
  issuerName: string,
  services: Services,
  { directory }: ActiveSnapshot,
): Authenticated {
  const { subject } = claims;
  const service = services.get(serviceKey(issuerName, subject));
  const person = service === undefined ? directory.people.get(subject) : undefined;
  const home = service?.team ?? person?.teamId;
  if (home === undefined) throw new Refusal("WEIR_TOKEN_PERSON_UNKNOWN");
  const teamId = claims.teamId ?? home;
  const teamCostCenter = directory.costCenters.get(teamId);
  if (teamCostCenter === undefined) throw new Refusal("WEIR_TOKEN_TEAM_UNKNOWN");
  const own = person?.teamId === teamId ? person.costCenter : undefined;
  const costCenter = own ?? teamCostCenter;
  const id = service?.id ?? subject;
  return {
    principal: {
      id,
      kind: service === undefined ? "person" : "service",
      teamId,
      costCenter,
      roles: [...(person?.roles ?? [])],
      keyId: `token:${issuerName}:${id}`,
      assurance: "token",
    },
    ...(service?.scopes !== undefined && { scopes: [...service.scopes] }),
    ...(service?.models !== undefined && { models: [...service.models] }),
  };
}

import type { Config } from "../../../config/schema.ts";
import type { ActiveSnapshot } from "../../snapshot/active-snapshot.ts";
import { Refusal } from "../../refusal.ts";
import type { Authenticated } from "../authenticated.ts";
import { callerNamed } from "../caller-named.ts";
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
  snapshot: ActiveSnapshot,
): Authenticated {
  const { subject, teamId } = claims;
  const service = services.get(serviceKey(issuerName, subject));
  if (service === undefined && !snapshot.directory.people.has(subject))
    throw new Refusal("WEIR_TOKEN_PERSON_UNKNOWN");
  const caller = callerNamed(
    { name: subject, service, teamId },
    { keyId: `token:${issuerName}:${service?.id ?? subject}`, assurance: "token" },
    snapshot,
  );
  if (caller === null) throw new Refusal("WEIR_TOKEN_TEAM_UNKNOWN");
  return caller;
}

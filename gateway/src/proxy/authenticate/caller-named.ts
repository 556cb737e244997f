import type { Principal } from "../../contracts/principal.ts";
import type { ActiveSnapshot } from "../snapshot/active-snapshot.ts";
import type { Authenticated } from "./authenticated.ts";
import type { ServiceConfig } from "./tokens/caller-of.ts";

/**
 * Whom a verified name stands for: a configured service, or a person of the directory as the
 * snapshot has it. Team, cost center and roles are the directory's.
 *
 * @param named with the team that the call counts for in place of their own; null = their own.
 * @returns null when there is nobody of that name, or no such team.
 */
export function callerNamed(
  named: {
    readonly name: string;
    readonly service: ServiceConfig | undefined;
    readonly teamId: string | null;
  },
  credential: Pick<Principal, "keyId" | "assurance">,
  { directory }: Pick<ActiveSnapshot, "directory">,
): Authenticated | null {
  const { name, service } = named;
  const person = service === undefined ? directory.people.get(name) : undefined;
  const teamId = named.teamId ?? service?.team ?? person?.teamId;
  const teamCostCenter = teamId === undefined ? undefined : directory.costCenters.get(teamId);
  if (teamId === undefined || teamCostCenter === undefined) return null;
  const own = person?.teamId === teamId ? person.costCenter : undefined;
  return {
    principal: {
      id: service?.id ?? name,
      kind: service === undefined ? "person" : "service",
      teamId,
      costCenter: own ?? teamCostCenter,
      roles: [...(person?.roles ?? [])],
      ...credential,
    },
    ...(service?.scopes !== undefined && { scopes: [...service.scopes] }),
    ...(service?.models !== undefined && { models: [...service.models] }),
  };
}

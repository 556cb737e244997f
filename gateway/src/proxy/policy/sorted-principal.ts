import type { Principal } from "../../contracts/principal.ts";

/** Its members in code-unit order. */
export function sortedPrincipal(principal: Principal): Principal {
  const { agentId, onBehalfOf } = principal;
  return {
    ...(agentId === undefined ? {} : { agentId }),
    assurance: principal.assurance,
    costCenter: principal.costCenter,
    id: principal.id,
    keyId: principal.keyId,
    kind: principal.kind,
    ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
    roles: principal.roles,
    teamId: principal.teamId,
  };
}

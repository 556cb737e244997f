import { assignByGroups } from "../../identity/oidc/claims.ts";
import { noteHistory } from "../directory/history.ts";
import { bumpRevision, type ControlContext } from "../store/change.ts";
import type { StoreTransaction } from "../store/open-store.ts";
import { type DirectoryPerson, putPerson, removePerson } from "../directory/write-person.ts";
import { readProjection, type Projection, type UserRow } from "./projection.ts";
import type { ScimRules } from "./scim-rules.ts";

const batchSize = 500;
const maxNameLength = 200;

/**
 * Makes the people of these users what their groups give them: team, roles, manager, cost centre.
 * Whoever is inactive or has no group with a team is removed. People in weir.yaml stay as they are.
 */
export async function projectPeople(
  transaction: StoreTransaction,
  context: ControlContext,
  rules: ScimRules,
  userIds: readonly string[],
): Promise<void> {
  const changed: string[] = [];
  for (let index = 0; index < userIds.length; index += batchSize) {
    const projection = await readProjection(transaction, userIds.slice(index, index + batchSize));
    for (const user of projection.users) {
      const stored = projection.people.get(user.personId);
      const live = stored === undefined || stored.removedAtMs !== null ? null : personFrom(stored);
      if (live?.source === "config") continue;
      const wanted = personOf(user, rules, projection);
      if (JSON.stringify(live) === JSON.stringify(wanted)) continue;
      if (wanted === null && live !== null) await removePerson(transaction, context, live);
      if (wanted !== null) await putPerson(transaction, context, live, wanted);
      changed.push(user.personId);
    }
  }
  if (changed.length === 0) return;
  await noteHistory(transaction, context.now(), changed);
  await bumpRevision(transaction);
}

/** The same order of fields as {@link personOf}, by which the two are compared. */
function personFrom({
  id,
  name,
  teamId,
  roles,
  source,
  managerId,
  costCenter,
}: DirectoryPerson): DirectoryPerson {
  return { id, name, teamId, roles, source, managerId, costCenter };
}

function personOf(user: UserRow, rules: ScimRules, projection: Projection): DirectoryPerson | null {
  const groups = projection.groupsOf.get(user.id) ?? [];
  const assignment = user.active === 1 ? assignByGroups(rules.groups, groups) : null;
  // A team that another control's configuration has taken away gives nothing.
  if (assignment === null || !projection.teams.has(assignment.teamId)) return null;
  const ref = user.managerRef?.toLowerCase() ?? "";
  const managerId = projection.managers.get(ref) ?? null;
  return {
    id: user.personId,
    name: nameOf(user),
    teamId: assignment.teamId,
    roles: JSON.stringify(assignment.roles),
    source: "scim",
    managerId: managerId === user.personId ? null : managerId,
    costCenter: user.costCenter,
  };
}

function nameOf(user: UserRow): string {
  const whole = [user.givenName, user.familyName].filter((part) => part !== null).join(" ");
  const name = user.displayName ?? user.formattedName ?? (whole || user.userName);
  return name.slice(0, maxNameLength);
}

import { ControlError } from "../errors.ts";
import { bumpRevision, type ControlContext, recordChange } from "../store/change.ts";
import type { StoreTransaction } from "../store/open-store.ts";
import { diffRows } from "./diff.ts";
import { noteHistory } from "./history.ts";
import type { DirectoryPlan } from "./plan.ts";
import { type DirectoryPerson, putPerson, removePerson } from "./write-person.ts";

function requireKnownTeams(plan: DirectoryPlan): void {
  const known = new Set(plan.teams.map((team) => team.id));
  const stray = plan.people.find((person) => !known.has(person.teamId));
  if (stray === undefined) return;
  throw new ControlError(
    "WEIR_TEAM_NOT_FOUND",
    `"${stray.id}" belongs to the team "${stray.teamId}", which does not exist. ` +
      "Add it under `teams` in weir.yaml.",
  );
}

async function syncTeams(
  transaction: StoreTransaction,
  context: ControlContext,
  plan: DirectoryPlan,
): Promise<number> {
  const stored = await transaction
    .selectFrom("teams")
    .select(["id", "costCenter", "models", "tools", "unmeteredOperations", "maxTokens"])
    .where("removedAtMs", "is", null)
    .execute();
  const planned = plan.teams.map((team) => ({
    ...team,
    models: JSON.stringify(team.models),
    tools: JSON.stringify(team.tools),
    unmeteredOperations: JSON.stringify(team.unmeteredOperations),
  }));
  const { upserts, removals } = diffRows(stored, planned);
  for (const { before, after } of upserts) {
    await transaction
      .insertInto("teams")
      .values({ ...after, createdAtMs: context.now(), removedAtMs: null })
      .onConflict((conflict) => conflict.column("id").doUpdateSet({ ...after, removedAtMs: null }))
      .execute();
    const action = before === null ? "team.create" : "team.update";
    await recordChange(transaction, context, { action, entityId: after.id, before, after });
  }
  for (const before of removals) {
    const removedAtMs = context.now();
    await transaction
      .updateTable("teams")
      .set({ removedAtMs })
      .where("id", "=", before.id)
      .execute();
    const entry = { action: "team.remove", entityId: before.id, before, after: null };
    await recordChange(transaction, context, entry);
  }
  return upserts.length + removals.length;
}

async function syncPeople(
  transaction: StoreTransaction,
  context: ControlContext,
  plan: DirectoryPlan,
): Promise<number> {
  const stored = await transaction
    .selectFrom("people")
    .select(["id", "name", "teamId", "roles", "managerId", "costCenter", "source"])
    .where("removedAtMs", "is", null)
    .execute();
  const planned = plan.people.map((person): DirectoryPerson => ({
    id: person.id,
    name: person.name,
    teamId: person.teamId,
    roles: JSON.stringify(person.roles),
    managerId: person.managerId ?? null,
    costCenter: person.costCenter ?? null,
    source: "config",
  }));
  const diff = diffRows<DirectoryPerson>(stored, planned);
  const { upserts } = diff;
  // Those whom the identity provider brought are not the configuration's to remove.
  const removals = diff.removals.filter(({ source }) => source === "config");
  for (const { before, after } of upserts) await putPerson(transaction, context, before, after);
  for (const before of removals) await removePerson(transaction, context, before);
  return upserts.length + removals.length;
}

/**
 * Makes the stored teams and people those of the plan. Whoever the configuration no longer names
 * is kept for the record, but their keys and sessions stop working.
 *
 * @throws {ControlError} WEIR_TEAM_NOT_FOUND when a person's team is not in the plan.
 */
export async function syncDirectory(context: ControlContext, plan: DirectoryPlan): Promise<void> {
  requireKnownTeams(plan);
  await context.store.transaction().execute(async (transaction) => {
    const teams = await syncTeams(transaction, context, plan);
    const people = await syncPeople(transaction, context, plan);
    // Of everybody, for a team's cost centre is that of all in it.
    await noteHistory(transaction, context.now());
    if (teams + people > 0) await bumpRevision(transaction);
  });
}

import type { Principal } from "../../contracts/principal.ts";
import type { Actor } from "../store/change.ts";
import type { Store } from "../store/open-store.ts";
import { parseStrings } from "../store/parse-strings.ts";

const personPrefix = "person:";
const common = { keyId: "", assurance: "session" } as const;

/** Who looks, as policies see it; somebody who is not there any more has no team and no role. */
export async function viewerOf(store: Store, actor: Actor): Promise<Principal> {
  if (!actor.startsWith(personPrefix))
    // Whoever may use the machine may sign in as anybody.
    return { id: actor, kind: "service", teamId: "", costCenter: "", roles: ["admin"], ...common };
  const id = actor.slice(personPrefix.length);
  const row = await store
    .selectFrom("people")
    .innerJoin("teams", "teams.id", "people.teamId")
    .select(["people.teamId", "people.roles", "teams.costCenter"])
    .where("people.id", "=", id)
    .where("people.removedAtMs", "is", null)
    .executeTakeFirst();
  const { teamId = "", costCenter = "", roles = "[]" } = row ?? {};
  return { id, kind: "person", teamId, costCenter, roles: parseStrings(roles), ...common };
}

/** The team of the person who is looked at; empty where it is not known. */
export async function teamOf(store: Store, personId: string): Promise<string> {
  const row = await store
    .selectFrom("people")
    .select("teamId")
    .where("id", "=", personId)
    .executeTakeFirst();
  return row?.teamId ?? "";
}

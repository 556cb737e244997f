import type { Store } from "../store/open-store.ts";
import { parseStrings } from "../store/parse-strings.ts";
import type { StoreSchema } from "../store/schema.ts";
import type { KeyRow } from "./build.ts";
import type { TeamRow } from "./policy-data.ts";

type StoredTeam = Pick<
  StoreSchema["teams"],
  "id" | "models" | "tools" | "unmeteredOperations" | "maxTokens"
>;

function toKeyRow({ roles, ...key }: Omit<KeyRow, "roles"> & { roles: string }): KeyRow {
  return { ...key, roles: parseStrings(roles) };
}

function toTeamRow(team: StoredTeam): TeamRow {
  return {
    id: team.id,
    models: parseStrings(team.models),
    tools: parseStrings(team.tools),
    unmeteredOperations: parseStrings(team.unmeteredOperations),
    maxTokens: team.maxTokens,
  };
}

/** Reads live keys of people who are still there, and the teams. Revoked and expired ones stay out. */
export async function readSnapshotSource(
  store: Store,
  nowMs: number,
): Promise<{ keys: KeyRow[]; teams: TeamRow[] }> {
  const reading = store
    .transaction()
    .setIsolationLevel("repeatable read")
    .setAccessMode("read only");
  return reading.execute(async (transaction) => {
    const keys = await transaction
      .selectFrom("keys")
      .innerJoin("people", "people.id", "keys.personId")
      .innerJoin("teams", "teams.id", "people.teamId")
      .select(["keys.id", "keys.hash", "keys.personId", "keys.agentId", "keys.expiresAtMs"])
      .select("keys.denialStyle")
      .select(["people.teamId", "people.roles", "teams.costCenter"])
      .where("keys.revokedAtMs", "is", null)
      .where("people.removedAtMs", "is", null)
      .where((or) =>
        or.or([or("keys.expiresAtMs", "is", null), or("keys.expiresAtMs", ">", nowMs)]),
      )
      .execute();
    const teams = await transaction
      .selectFrom("teams")
      .select(["id", "models", "tools", "unmeteredOperations", "maxTokens"])
      .where("removedAtMs", "is", null)
      .execute();
    return { keys: keys.map(toKeyRow), teams: teams.map(toTeamRow) };
  });
}

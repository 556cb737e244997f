import type { SnapshotDirectory } from "../../contracts/snapshot.ts";
import { parseModels, parseScopes } from "../keys/key-record.ts";
import type { Store, StoreTransaction } from "../store/open-store.ts";
import { parseStrings } from "../store/parse-strings.ts";
import type { StoreSchema } from "../store/schema.ts";
import { stopsInForce } from "../stops/list-stops.ts";
import type { SnapshotStop } from "../../contracts/stop.ts";
import type { KeyRow } from "./build.ts";
import type { TeamRow } from "./policy-data.ts";

type StoredTeam = Pick<
  StoreSchema["teams"],
  "id" | "models" | "tools" | "unmeteredOperations" | "maxTokens"
>;

type StoredKey = Omit<KeyRow, "roles" | "scopes" | "models"> &
  Pick<StoreSchema["keys"], "scopes" | "models"> & { roles: string };

function toKeyRow({ roles, scopes, models, ...key }: StoredKey): KeyRow {
  return {
    ...key,
    roles: parseStrings(roles),
    scopes: parseScopes(scopes),
    models: parseModels(models),
  };
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

function toDirectoryPerson({
  id,
  teamId,
  roles,
  costCenter,
}: Pick<StoreSchema["people"], "id" | "teamId" | "roles"> & {
  costCenter: string | null;
}): SnapshotDirectory["people"][number] {
  const person = { id, teamId, roles: parseStrings(roles) };
  return costCenter === null ? person : { ...person, costCenter };
}

async function readDirectory(transaction: StoreTransaction): Promise<SnapshotDirectory> {
  const people = await transaction
    .selectFrom("people")
    .select(["id", "teamId", "roles", "costCenter"])
    .where("removedAtMs", "is", null)
    .orderBy("id")
    .execute();
  const teams = await transaction
    .selectFrom("teams")
    .select(["id", "costCenter"])
    .where("removedAtMs", "is", null)
    .orderBy("id")
    .execute();
  return {
    people: people.map(toDirectoryPerson),
    teams,
  };
}

/** The teams that there are, as policies see them. */
export async function readTeams(store: Store | StoreTransaction): Promise<TeamRow[]> {
  const teams = await store
    .selectFrom("teams")
    .select(["id", "models", "tools", "unmeteredOperations", "maxTokens"])
    .where("removedAtMs", "is", null)
    .execute();
  return teams.map(toTeamRow);
}

/** Reads live keys of people who are still there, and the teams. Revoked and expired ones stay out. */
export async function readSnapshotSource(
  store: Store,
  nowMs: number,
  withDirectory = false,
): Promise<{
  keys: KeyRow[];
  teams: TeamRow[];
  directory: SnapshotDirectory | null;
  stops: SnapshotStop[];
}> {
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
      .select(["keys.denialStyle", "keys.scopes", "keys.models", "keys.lineageId"])
      .select(["people.teamId", "people.roles"])
      .select(({ fn }) => fn.coalesce("people.costCenter", "teams.costCenter").as("costCenter"))
      .where("keys.revokedAtMs", "is", null)
      .where("people.removedAtMs", "is", null)
      .where((or) =>
        or.or([or("keys.expiresAtMs", "is", null), or("keys.expiresAtMs", ">", nowMs)]),
      )
      .execute();
    const teams = await readTeams(transaction);
    const directory = withDirectory ? await readDirectory(transaction) : null;
    const stops = await stopsInForce(transaction);
    return { keys: keys.map(toKeyRow), teams, directory, stops };
  });
}

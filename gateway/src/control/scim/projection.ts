import type { StoreTransaction } from "../store/open-store.ts";
import type { DirectoryPerson } from "../directory/write-person.ts";
import type { ScimUserTable } from "../store/schema.ts";

export type UserRow = ScimUserTable;

export interface StoredPerson extends DirectoryPerson {
  readonly removedAtMs: number | null;
}

/** What decides about the people of some users. */
export interface Projection {
  readonly users: readonly UserRow[];
  /** User id → names of groups. */
  readonly groupsOf: ReadonlyMap<string, readonly string[]>;
  readonly people: ReadonlyMap<string, StoredPerson>;
  /** What managers are called (ids of users, user names; in lower case) → person id. */
  readonly managers: ReadonlyMap<string, string>;
  readonly teams: ReadonlySet<string>;
}

/** Reads it for at most as many users as one statement takes. */
export async function readProjection(
  transaction: StoreTransaction,
  userIds: readonly string[],
): Promise<Projection> {
  const users = await transaction
    .selectFrom("scimUsers")
    .selectAll()
    .where("id", "in", userIds)
    .orderBy("id")
    .execute();
  const people = await transaction
    .selectFrom("people")
    .select(["id", "name", "teamId", "roles", "source", "managerId", "costCenter", "removedAtMs"])
    .where(
      "id",
      "in",
      users.map(({ personId }) => personId),
    )
    .execute();
  const teams = await transaction
    .selectFrom("teams")
    .select("id")
    .where("removedAtMs", "is", null)
    .execute();
  return {
    users,
    groupsOf: await readGroups(transaction, userIds),
    people: new Map(people.map((person) => [person.id, person])),
    managers: await readManagers(transaction, users),
    teams: new Set(teams.map(({ id }) => id)),
  };
}

async function readGroups(
  transaction: StoreTransaction,
  userIds: readonly string[],
): Promise<Map<string, string[]>> {
  const rows = await transaction
    .selectFrom("scimMembers")
    .innerJoin("scimGroups", "scimGroups.id", "scimMembers.groupId")
    .select(["scimMembers.userId", "scimGroups.displayName"])
    .where("scimMembers.userId", "in", userIds)
    .execute();
  return Map.groupBy(rows, ({ userId }) => userId)
    .entries()
    .reduce(
      (groups, [userId, found]) =>
        groups.set(
          userId,
          found.map(({ displayName }) => displayName),
        ),
      new Map<string, string[]>(),
    );
}

async function readManagers(
  transaction: StoreTransaction,
  users: readonly UserRow[],
): Promise<Map<string, string>> {
  const refs = new Set(users.flatMap(({ managerRef }) => managerRef?.toLowerCase() ?? []));
  if (refs.size === 0) return new Map();
  const rows = await transaction
    .selectFrom("scimUsers")
    .select(["id", "userNameKey", "personId"])
    .where((or) => or.or([or("id", "in", [...refs]), or("userNameKey", "in", [...refs])]))
    .execute();
  return new Map(
    rows.flatMap(({ id, userNameKey, personId }) => [
      [userNameKey, personId] as const,
      [id, personId] as const,
    ]),
  );
}

/** Users who name one of these as their manager, and whose people may change with them. */
export async function reportsOf(
  transaction: StoreTransaction,
  { id, userNameKey }: { readonly id: string; readonly userNameKey: string },
): Promise<string[]> {
  const rows = await transaction
    .selectFrom("scimUsers")
    .select("id")
    .where(({ fn }) => fn<string>("lower", ["managerRef"]), "in", [id, userNameKey])
    .execute();
  return rows.map((row) => row.id);
}

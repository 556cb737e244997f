import type { Store } from "../store/open-store.ts";

/** The names of people, also of those who have left; unknown ids are missing. */
export async function namesOf(
  store: Store,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const people = await store
    .selectFrom("people")
    .select(["id", "name"])
    .where("id", "in", ids)
    .execute();
  return new Map(people.map(({ id, name }) => [id, name]));
}

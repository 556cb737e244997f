import { isRecord } from "./read-file.ts";
import { records } from "./records.ts";
import type { SchemaProblem } from "./schema-problems.ts";

/** Managers that nobody is, and people who would be above themselves. */
export function managerProblems(values: Readonly<Record<string, unknown>>): SchemaProblem[] {
  const people = records(values["people"]);
  const managerOf = new Map(people.map(({ item }) => [item["id"], item["manager"]]));
  const { identity } = values;
  // An identity provider may bring the manager whom the file does not name.
  const areOthers =
    isRecord(identity) && (identity["scim"] !== undefined || identity["oidc"] !== undefined);
  return people.flatMap(({ item: { id, manager }, index }) => {
    if (typeof manager !== "string") return [];
    const path = ["people", index, "manager"];
    if (!managerOf.has(manager) && !areOthers) {
      const message = `there is no person ${JSON.stringify(manager)}. Add them under \`people\`, or leave it out`;
      return [{ path, message }];
    }
    if (!isAbove(id, manager, managerOf)) return [];
    return [{ path, message: `leads back to ${JSON.stringify(id)}: nobody manages themselves` }];
  });
}

function isAbove(id: unknown, manager: string, managerOf: ReadonlyMap<unknown, unknown>): boolean {
  const seen = new Set<unknown>();
  for (let each: unknown = manager; each !== undefined && !seen.has(each);) {
    if (each === id) return true;
    seen.add(each);
    each = managerOf.get(each);
  }
  return false;
}

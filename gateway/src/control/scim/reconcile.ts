import type { ControlContext } from "../store/change.ts";
import { projectPeople } from "./project-people.ts";
import type { ScimRules } from "./scim-rules.ts";

/** After the configuration has changed: what groups give, or who stands in weir.yaml. */
export async function reconcilePeople(context: ControlContext, rules: ScimRules): Promise<void> {
  await context.store.transaction().execute(async (transaction) => {
    const users = await transaction.selectFrom("scimUsers").select("id").orderBy("id").execute();
    const ids = users.map(({ id }) => id);
    await projectPeople(transaction, context, rules, ids);
  });
}

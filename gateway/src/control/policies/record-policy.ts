import { hash } from "node:crypto";
import { type ControlContext, recordChange } from "../store/change.ts";
import type { PolicySources } from "./sources.ts";

const action = "policy.publish";

interface RecordedPolicy {
  readonly revision: string;
  readonly sources: PolicySources;
}

function digestsOf(sources: PolicySources): Record<string, string> {
  const files = Object.entries(sources).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(files.map(([path, text]) => [path, hash("sha256", text)]));
}

/**
 * Records that this policy takes the place of the one recorded last; the same one again is no
 * change, so that neither a restart nor a crash before it came into force records it twice.
 *
 * @throws {ControlError} WEIR_AUDIT_UNAVAILABLE.
 */
export async function recordPolicy(
  context: ControlContext,
  { revision, sources }: RecordedPolicy,
): Promise<void> {
  await context.store.transaction().execute(async (transaction) => {
    const last = await transaction
      .selectFrom("adminLog")
      .select("entityId")
      .where("action", "=", action)
      .orderBy("sequence", "desc")
      .limit(1)
      .executeTakeFirst();
    if (last?.entityId === revision) return;
    const before = last === undefined ? null : { revision: last.entityId };
    const after = { files: digestsOf(sources) };
    await recordChange(transaction, context, { action, entityId: revision, before, after });
  });
}

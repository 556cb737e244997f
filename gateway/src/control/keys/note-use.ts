import { grantUsePrefix, type KeyUse } from "../../contracts/key-use.ts";
import type { Store } from "../store/open-store.ts";

/**
 * Notes when keys were last used, as a proxy reports it. Never goes back in time, and never
 * beyond now: a proxy's clock may be wrong. Not a change that proxies have to know, nor an
 * administrator's act, so neither snapshot nor audit log hear of it.
 */
export async function noteKeyUse(
  context: { readonly store: Store; readonly now: () => number },
  uses: readonly KeyUse[],
): Promise<void> {
  const nowMs = context.now();
  await context.store.transaction().execute(async (transaction) => {
    for (const { secretId, atMs } of uses) {
      const lastUsedAtMs = Math.min(atMs, nowMs);
      if (secretId.startsWith(grantUsePrefix)) {
        await transaction
          .updateTable("grants")
          .set({ lastUsedAtMs })
          .where("id", "=", secretId.slice(grantUsePrefix.length))
          .where((or) =>
            or.or([or("lastUsedAtMs", "is", null), or("lastUsedAtMs", "<", lastUsedAtMs)]),
          )
          .execute();
        continue;
      }
      await transaction
        .updateTable("keys")
        .set({ lastUsedAtMs })
        .where("id", "=", secretId)
        .where((or) =>
          or.or([or("lastUsedAtMs", "is", null), or("lastUsedAtMs", "<", lastUsedAtMs)]),
        )
        .execute();
    }
  });
}

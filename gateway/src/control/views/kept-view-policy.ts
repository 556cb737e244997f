import { existsSync } from "node:fs";
import { join } from "node:path";
import { keptPolicyFile, readKeptPolicy } from "../policies/kept-policy.ts";
import type { ControlContext } from "../store/change.ts";
import type { DecideView } from "./view.ts";
import { ViewPolicy } from "./view-policy.ts";

/**
 * Decides views for a command while no control runs, by the policy that the last one had. Where
 * none has ever had one, roles alone decide; one that is damaged denies.
 */
export async function keptViewPolicy(
  dataDir: string,
  { store, now }: Pick<ControlContext, "store" | "now">,
): Promise<DecideView> {
  const path = join(dataDir, keptPolicyFile);
  if (!existsSync(path))
    return () => Promise.resolve({ isAllowed: true, ruleIds: [], message: "" });
  const kept = await readKeptPolicy(path);
  const log = { error: () => undefined };
  const policy = new ViewPolicy({ store, loaded: () => kept, now, log });
  return (actor, question) => policy.decide(actor, question);
}

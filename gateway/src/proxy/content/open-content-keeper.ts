import type { Config } from "../../config/schema.ts";
import type { ContentKeeper } from "./content-keeper.ts";

/** Null while no recipient is configured, which is the default: nothing is captured at all. */
export async function openContentKeeper(
  settings: Config["ledger"]["content"],
): Promise<ContentKeeper | null> {
  if (settings.recipients.length === 0) return null;
  // The cryptography takes a tenth of a second to load, which nobody pays who does not use it.
  const { ContentKeeper: Keeper } = await import("./content-keeper.ts");
  return new Keeper(settings);
}

import { createHash } from "node:crypto";
import type { Config } from "../config/schema.ts";

/**
 * Names all own prices of a configuration: two that price alike have the same digest. Providers
 * without prices of their own leave no trace: which of them there are depends on the environment.
 */
export function overridesDigest(providers: Config["providers"]): string {
  const own = providers
    .filter(({ prices }) => Object.keys(prices).length > 0)
    .map(({ name, prices }) => [name, Object.entries(prices).map(([key, value]) => [key, value])]);
  return createHash("sha256").update(JSON.stringify(own)).digest("hex").slice(0, 16);
}

import type { ProviderDialect } from "../config/schema.ts";
import type { Translator } from "./translation.ts";

/** Null when the operation cannot be carried over to a provider of this dialect. */
export function translatorFor(_operationId: string, _to: ProviderDialect): Translator | null {
  return null;
}

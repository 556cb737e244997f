import type { Selectable } from "kysely";
import { ControlError } from "../errors.ts";
import type { StoreTransaction } from "../store/open-store.ts";
import type { StoreSchema } from "../store/schema.ts";

/**
 * Finds a key by its id.
 *
 * @param input with `personId`, another person's key is not found.
 * @throws {ControlError} WEIR_KEY_NOT_FOUND.
 */
export async function findKey(
  transaction: StoreTransaction,
  input: { readonly keyId: string; readonly personId?: string },
): Promise<Selectable<StoreSchema["keys"]>> {
  const row = await transaction
    .selectFrom("keys")
    .selectAll()
    .where("id", "=", input.keyId)
    .executeTakeFirst();
  const isVisible = input.personId === undefined || row?.personId === input.personId;
  if (row !== undefined && isVisible) return row;
  // Errors land in terminals and logs: whoever pastes the key itself must not find it there.
  const detail = input.keyId.startsWith("weir_")
    ? "That is a key, and not the id of one. List the keys to see their ids."
    : `There is no key with the id "${input.keyId}". List the keys to see their ids.`;
  throw new ControlError("WEIR_KEY_NOT_FOUND", detail);
}

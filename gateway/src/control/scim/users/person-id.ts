import type { StoreTransaction } from "../../store/open-store.ts";
import type { ScimRules } from "../scim-rules.ts";
import { ScimError } from "../scim-error.ts";
import type { UserAttributes } from "./user-attributes.ts";

/** As people in weir.yaml may be called. */
const personId = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,126}$/;

/**
 * Who a new user is: the person whom sign-in calls the same. It stays so, whatever they are called
 * later, and no second user gets it.
 *
 * @throws {ScimError} WEIR_SCIM_INVALID_VALUE, WEIR_SCIM_UNIQUENESS.
 */
export async function newPersonId(
  transaction: StoreTransaction,
  { personAttribute, reservedIds }: ScimRules,
  attributes: UserAttributes,
): Promise<string> {
  const value = attributes[personAttribute];
  // As sign-in does with the claim of that name.
  const id = personAttribute === "email" ? value?.toLowerCase() : value;
  if (id === undefined || id === null || !personId.test(id))
    throw new ScimError(
      "WEIR_SCIM_INVALID_VALUE",
      `${personAttribute} cannot be a person's id: 1 to 127 of A-Z a-z 0-9 . _ @ -`,
    );
  const users = transaction.selectFrom("scimUsers").select("id").where("personId", "=", id);
  const isTaken = reservedIds.has(id) || (await users.executeTakeFirst()) !== undefined;
  if (!isTaken) return id;
  throw new ScimError(
    "WEIR_SCIM_UNIQUENESS",
    `The person of this ${personAttribute} is another user, or the id is reserved.`,
  );
}

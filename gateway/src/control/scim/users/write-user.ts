import { v4 as uuidv4 } from "uuid";
import { type ControlContext, recordChange } from "../../store/change.ts";
import type { StoreTransaction } from "../../store/open-store.ts";
import type { ScimUserTable } from "../../store/schema.ts";
import { projectPeople } from "../project-people.ts";
import { reportsOf } from "../projection.ts";
import type { ScimRules } from "../scim-rules.ts";
import { ScimError } from "../scim-error.ts";
import { requireVersion } from "../version.ts";
import { requireUser } from "./find-users.ts";
import { newPersonId } from "./person-id.ts";
import type { UserAttributes } from "./user-attributes.ts";

type Described = Omit<UserAttributes, "userName" | "active"> & {
  userName: string;
  userNameKey: string;
  active: number;
};

function describe(attributes: UserAttributes): Described {
  const { userName, active, ...rest } = attributes;
  if (userName === null)
    throw new ScimError("WEIR_SCIM_INVALID_VALUE", "userName is required, and no empty text.");
  const userNameKey = userName.toLowerCase();
  return { ...rest, userName, userNameKey, active: active ? 1 : 0 };
}

async function requireUnique(
  transaction: StoreTransaction,
  userNameKey: string,
  ownId: string,
): Promise<void> {
  const other = await transaction
    .selectFrom("scimUsers")
    .select("id")
    .where("userNameKey", "=", userNameKey)
    .where("id", "!=", ownId)
    .executeTakeFirst();
  if (other !== undefined)
    throw new ScimError("WEIR_SCIM_UNIQUENESS", "There is a user with this userName.");
}

/** What the log says of a user: never more than is kept. */
function logged(row: ScimUserTable): object {
  const { userNameKey: _key, version: _version, changedAtMs: _changed, ...rest } = row;
  return rest;
}

/**
 * Creates a user. Their groups, of which they have none yet, make them a person with rights; with
 * a mapping of `*` they are one at once.
 *
 * @throws {ScimError} WEIR_SCIM_INVALID_VALUE, WEIR_SCIM_UNIQUENESS.
 */
export async function createUser(
  context: ControlContext,
  rules: ScimRules,
  attributes: UserAttributes,
): Promise<ScimUserTable> {
  const described = describe(attributes);
  return context.store.transaction().execute(async (transaction) => {
    await requireUnique(transaction, described.userNameKey, "");
    const personId = await newPersonId(transaction, rules, attributes);
    const atMs = context.now();
    const id = uuidv4({ random: context.randomBytes(16) });
    const row = { id, personId, ...described, version: 1, createdAtMs: atMs, changedAtMs: atMs };
    await transaction.insertInto("scimUsers").values(row).execute();
    const entry = { action: "scim-user.create", entityId: personId, before: null };
    await recordChange(transaction, context, { ...entry, after: logged(row) });
    await projectPeople(transaction, context, rules, [id, ...(await reportsOf(transaction, row))]);
    return row;
  });
}

/**
 * Makes a user what `change` says. Nothing is written where nothing changes.
 *
 * @param ifMatch the version that the client knows; null = whichever it is.
 * @throws {ScimError} also WEIR_SCIM_NOT_FOUND, WEIR_SCIM_VERSION_MISMATCH.
 */
export async function updateUser(
  context: ControlContext,
  rules: ScimRules,
  input: {
    readonly id: string;
    readonly ifMatch: string | null;
    readonly change: (before: UserAttributes) => UserAttributes;
  },
): Promise<ScimUserTable> {
  return context.store.transaction().execute(async (transaction) => {
    const before = await requireUser(transaction, input.id);
    requireVersion(before, input.ifMatch);
    const { id, personId, userNameKey, version, createdAtMs, ...attributes } = before;
    const described = describe(input.change({ ...attributes, active: before.active === 1 }));
    const kept = { id, personId, createdAtMs };
    const after = { ...kept, ...described, version: version + 1, changedAtMs: context.now() };
    const isSame = Object.entries(described).every(
      ([name, value]) => Object.entries(before).find(([key]) => key === name)?.[1] === value,
    );
    if (isSame) return before;
    await requireUnique(transaction, after.userNameKey, id);
    await transaction.updateTable("scimUsers").set(after).where("id", "=", id).execute();
    const entry = { action: "scim-user.update", entityId: personId, before: logged(before) };
    await recordChange(transaction, context, { ...entry, after: logged(after) });
    const reports = [
      ...(await reportsOf(transaction, { id, userNameKey })),
      ...(await reportsOf(transaction, after)),
    ];
    await projectPeople(transaction, context, rules, [...new Set([id, ...reports])]);
    return after;
  });
}

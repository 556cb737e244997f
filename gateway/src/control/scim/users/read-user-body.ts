import { requireRecord } from "../body.ts";
import { readPatch } from "../patch-request.ts";
import { ScimError } from "../scim-error.ts";
import { assignAll, assignPath } from "./assign-attribute.ts";
import { noAttributes, type UserAttributes } from "./user-attributes.ts";

/** A whole user: POST and PUT. What is not there is empty. @throws {ScimError} */
export function readUserBody(body: unknown): UserAttributes {
  const attributes = { ...noAttributes };
  assignAll(attributes, requireRecord(body));
  return attributes;
}

/** What a user is after a PATCH: all of its operations or none. @throws {ScimError} */
export function patchUser(before: UserAttributes, body: unknown): UserAttributes {
  const attributes = { ...before };
  for (const { op, path, value } of readPatch(body)) {
    if (path === null) assignAll(attributes, requireRecord(value));
    else if (op !== "remove") assignPath(attributes, path, value);
    else if (path.attribute.name === "active")
      throw new ScimError(
        "WEIR_SCIM_INVALID_VALUE",
        "Set active to false in place of removing it.",
      );
    else assignPath(attributes, path, null);
  }
  return attributes;
}

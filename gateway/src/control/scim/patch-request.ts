import { isRecord } from "../../config/read-file.ts";
import { memberOf } from "./body.ts";
import { type PatchPath, parsePatchPath } from "./filter/parse-filter.ts";
import { ScimError } from "./scim-error.ts";

export interface PatchOperation {
  readonly op: "add" | "replace" | "remove";
  /** Null = the value is an object of attributes. */
  readonly path: PatchPath | null;
  readonly value: unknown;
}

const maxOperations = 1000;

/**
 * Reads the body of a PATCH (RFC 7644 §3.5.2). Operations may be capitalised, as Entra ID writes
 * them, and their attributes' names in any case.
 *
 * @throws {ScimError} WEIR_SCIM_INVALID_SYNTAX, WEIR_SCIM_INVALID_PATH, WEIR_SCIM_TOO_MANY.
 */
export function readPatch(body: unknown): PatchOperation[] {
  const operations = memberOf(body, "operations");
  if (!Array.isArray(operations) || operations.length === 0)
    throw new ScimError("WEIR_SCIM_INVALID_SYNTAX", "A PATCH has a list `Operations`.");
  if (operations.length > maxOperations)
    throw new ScimError("WEIR_SCIM_TOO_MANY", `Send at most ${maxOperations} operations at once.`);
  return operations.map(readOperation);
}

function readOperation(operation: unknown): PatchOperation {
  const name = memberOf(operation, "op");
  const op = typeof name === "string" ? name.toLowerCase() : "";
  if (op !== "add" && op !== "replace" && op !== "remove")
    throw new ScimError("WEIR_SCIM_INVALID_SYNTAX", "`op` is add, replace or remove.");
  const text = memberOf(operation, "path");
  const value = memberOf(operation, "value");
  if (text !== undefined && text !== null && typeof text !== "string")
    throw new ScimError("WEIR_SCIM_INVALID_PATH", "`path` is a text.");
  const path = text ? parsePatchPath(text) : null;
  if (path === null && op === "remove")
    throw new ScimError("WEIR_SCIM_NO_TARGET", "A `remove` needs a path (RFC 7644 §3.5.2.2).");
  if (path === null && !isRecord(value))
    throw new ScimError("WEIR_SCIM_INVALID_VALUE", "Without a path, `value` is an object.");
  return { op, path, value };
}

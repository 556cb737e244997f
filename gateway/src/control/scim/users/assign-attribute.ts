import { isRecord } from "../../../config/read-file.ts";
import { memberOf, readBoolean, readText } from "../body.ts";
import { type AttributePath, parseAttributePath } from "../filter/attribute-path.ts";
import { matches } from "../filter/matches.ts";
import type { Filter, PatchPath } from "../filter/parse-filter.ts";
import { enterpriseSchema, userSchema } from "../schema-urns.ts";
import { ScimError } from "../scim-error.ts";
import {
  ignoredAttributes,
  readOnlyAttributes,
  textAttributes,
  type UserAttributes,
} from "./user-attributes.ts";

const enterprise = enterpriseSchema.toLowerCase();
const core = userSchema.toLowerCase();

/** `name.givenname`, `enterprise:costcenter`; the whole extension is `enterprise:`. */
function keyOf({ schema, name, sub }: AttributePath): string | null {
  const path = sub === null ? name : `${name}.${sub}`;
  if (schema === null || schema === core) return path;
  return schema === enterprise ? `enterprise:${path}` : null;
}

function isTextAttribute(key: string): key is keyof typeof textAttributes {
  return Object.hasOwn(textAttributes, key);
}

/** Sets attributes from an object; what is not known in it is passed over. @throws {ScimError} */
export function assignAll(
  attributes: UserAttributes,
  values: Readonly<Record<string, unknown>>,
): void {
  for (const [name, value] of Object.entries(values)) {
    const key = keyOfMember(name);
    if (key !== null) assign(attributes, key, value);
  }
}

/** Names in a body: also `name.givenName` and `urn:…:User:costCenter`, as Entra ID writes them. */
function keyOfMember(name: string): string | null {
  // The extension's own name ends in `2.0:User`, which looks like a path.
  if (name.toLowerCase() === enterprise) return "enterprise:";
  try {
    return keyOf(parseAttributePath(name, "WEIR_SCIM_INVALID_PATH"));
  } catch {
    return null;
  }
}

/** Sets or clears what the path of a PATCH names. @throws {ScimError} */
export function assignPath(
  attributes: UserAttributes,
  { attribute, filter }: PatchPath,
  value: unknown,
): void {
  const isWhole =
    attribute.schema !== null && `${attribute.schema}:${attribute.name}` === enterprise;
  const key = isWhole ? "enterprise:" : keyOf(attribute);
  const root = key?.split(".", 1)[0] ?? "";
  if (readOnlyAttributes.has(root))
    throw new ScimError("WEIR_SCIM_MUTABILITY", `${root} is not the client's to set.`);
  if (ignoredAttributes.has(root) || (key !== null && ignoredAttributes.has(key))) return;
  if (key !== null && root === "emails") return assignEmail(attributes, filter, value);
  if (key === null || filter !== null || !assign(attributes, key, value))
    throw new ScimError("WEIR_SCIM_INVALID_PATH", "The path names no attribute of a User.");
}

/** @returns whether there is such an attribute. */
function assign(attributes: UserAttributes, key: string, value: unknown): boolean {
  if (key === "active") {
    attributes.active = readBoolean(value, "active");
    return true;
  }
  if (isTextAttribute(key)) {
    attributes[textAttributes[key]] = readText(value, key);
    return true;
  }
  if (key === "emails") {
    attributes.email = emailOf(value);
    return true;
  }
  if (key === "enterprise:manager") {
    const [manager] = Array.isArray(value) ? (value as unknown[]) : [value];
    const id = isRecord(manager) ? memberOf(manager, "value") : manager;
    attributes.managerRef = readText(id, "manager");
    return true;
  }
  return assignMembers(attributes, key, value);
}

const complex: Readonly<Record<string, string>> = { name: "name.", "enterprise:": "enterprise:" };

function assignMembers(attributes: UserAttributes, key: string, value: unknown): boolean {
  const prefix = Object.hasOwn(complex, key) ? complex[key] : undefined;
  if (prefix === undefined) return false;
  if (value === null || value === undefined) {
    for (const [name, field] of Object.entries(textAttributes))
      if (name.startsWith(prefix)) attributes[field] = null;
    return true;
  }
  if (!isRecord(value)) throw new ScimError("WEIR_SCIM_INVALID_VALUE", `${key} is an object.`);
  for (const [name, member] of Object.entries(value))
    assign(attributes, `${prefix}${name.toLowerCase()}`, member);
  return true;
}

/** One address is kept: the primary one, or the one of work, or the first. */
function emailOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const items: unknown[] = Array.isArray(value) ? value : [value];
  const isPrimary = (item: unknown) => String(memberOf(item, "primary")).toLowerCase() === "true";
  const isWork = (item: unknown) => memberOf(item, "type") === "work";
  const chosen = items.find(isPrimary) ?? items.find(isWork) ?? items[0];
  return readText(isRecord(chosen) ? memberOf(chosen, "value") : chosen, "emails");
}

function assignEmail(attributes: UserAttributes, filter: Filter | null, value: unknown): void {
  const kept = {
    type: "work",
    primary: true,
    ...(attributes.email && { value: attributes.email }),
  };
  if (filter !== null && !matches(filter, kept)) return;
  attributes.email = emailOf(value);
}

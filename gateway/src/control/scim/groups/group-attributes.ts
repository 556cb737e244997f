import { memberOf, readText, requireRecord } from "../body.ts";
import { matches } from "../filter/matches.ts";
import type { Filter, PatchPath } from "../filter/parse-filter.ts";
import { type PatchOperation, readPatch } from "../patch-request.ts";
import { groupSchema } from "../schema-urns.ts";
import { ScimError } from "../scim-error.ts";

export interface GroupAttributes {
  displayName: string | null;
  externalId: string | null;
  /** Ids of users. */
  members: Set<string>;
}

function idOf(member: unknown): string {
  const value = typeof member === "string" ? member : memberOf(member, "value");
  const type = memberOf(member, "type");
  if (typeof type === "string" && type.toLowerCase() !== "user")
    throw new ScimError(
      "WEIR_SCIM_INVALID_VALUE",
      "Members are users; groups in groups are not kept.",
    );
  if (typeof value === "string" && value.length <= 128) return value;
  throw new ScimError("WEIR_SCIM_INVALID_VALUE", "A member is {value: id of a user}.");
}

/** A list, one object, or ids alone, as identity providers send them. */
function idsOf(value: unknown): string[] {
  if (value === null || value === undefined) return [];
  return (Array.isArray(value) ? (value as unknown[]) : [value]).map(idOf);
}

/** A whole group: POST and PUT. @throws {ScimError} */
export function readGroupBody(body: unknown): GroupAttributes {
  const record = requireRecord(body);
  return {
    displayName: readText(memberOf(record, "displayname"), "displayName"),
    externalId: readText(memberOf(record, "externalid"), "externalId"),
    members: new Set(idsOf(memberOf(record, "members"))),
  };
}

/** What a group is after a PATCH: all of its operations or none. @throws {ScimError} */
export function patchGroup(before: GroupAttributes, body: unknown): GroupAttributes {
  const after = { ...before, members: new Set(before.members) };
  for (const operation of readPatch(body)) {
    if (operation.path !== null) applyPath(after, operation, operation.path);
    else
      for (const [name, value] of Object.entries(requireRecord(operation.value)))
        set(after, name.toLowerCase(), operation.op, value);
  }
  return after;
}

const readOnly: ReadonlySet<string> = new Set(["id", "meta", "schemas"]);

function applyPath(group: GroupAttributes, operation: PatchOperation, path: PatchPath): void {
  const { op, value } = operation;
  const { attribute, filter } = path;
  const { schema, name } = attribute;
  if (readOnly.has(name))
    throw new ScimError("WEIR_SCIM_MUTABILITY", `${name} is not the client's to set.`);
  const isOurs = schema === null || schema === groupSchema.toLowerCase();
  if (isOurs && name === "members" && filter !== null) return applyFilter(group, op, filter);
  if (isOurs && filter === null && attribute.sub === null && set(group, name, op, value)) return;
  throw new ScimError("WEIR_SCIM_INVALID_PATH", "The path names no attribute of a Group.");
}

/** `members[value eq "…"]` takes members away; to give them there is nothing to filter. */
function applyFilter(group: GroupAttributes, op: PatchOperation["op"], filter: Filter): void {
  if (op !== "remove")
    throw new ScimError("WEIR_SCIM_NO_TARGET", "A filter of members can only remove them.");
  for (const id of group.members)
    if (matches(filter, { value: id, type: "User" })) group.members.delete(id);
}

/** @returns whether there is such an attribute. */
function set(
  group: GroupAttributes,
  name: string,
  op: PatchOperation["op"],
  value: unknown,
): boolean {
  if (name === "members") {
    const ids = idsOf(value);
    if (op === "replace" || (op === "remove" && (value === undefined || value === null)))
      group.members.clear();
    for (const id of ids) {
      if (op === "remove") group.members.delete(id);
      else group.members.add(id);
    }
    return true;
  }
  const text = op === "remove" ? null : value;
  if (name === "displayname") group.displayName = readText(text, "displayName");
  else if (name === "externalid") group.externalId = readText(text, "externalId");
  else return false;
  return true;
}

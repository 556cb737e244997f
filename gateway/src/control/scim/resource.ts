import type { ScimGroupTable, ScimUserTable } from "../store/schema.ts";
import { enterpriseSchema, groupSchema, userSchema } from "./schema-urns.ts";

export interface ScimResource extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly meta: {
    readonly resourceType: string;
    readonly created: string;
    readonly lastModified: string;
    readonly location: string;
    readonly version: string;
  };
}

type Versioned = Pick<ScimUserTable, "id" | "version" | "createdAtMs" | "changedAtMs">;

function metaOf(row: Versioned, resourceType: "User" | "Group", base: string) {
  return {
    resourceType,
    created: new Date(row.createdAtMs).toISOString(),
    lastModified: new Date(row.changedAtMs).toISOString(),
    location: `${base}/${resourceType}s/${row.id}`,
    version: `W/"${row.version}"`,
  };
}

/** Without what is null or has nothing in it: SCIM says nothing of what is not there. */
function compact<T extends object>(values: T): Partial<T> {
  const isThere = (value: unknown) =>
    value !== null && !(typeof value === "object" && Object.keys(value).length === 0);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a part of its own entries
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => isThere(value)),
  ) as Partial<T>;
}

/** A user as RFC 7643 §4.1 writes one. `base` is the address of `/scim/v2`. */
export function userResource(row: ScimUserTable, base: string): ScimResource {
  const { email, managerRef, costCenter } = row;
  const extension = compact({
    costCenter,
    manager: managerRef === null ? null : { value: managerRef },
  });
  return {
    schemas: [userSchema, ...(Object.keys(extension).length > 0 ? [enterpriseSchema] : [])],
    id: row.id,
    userName: row.userName,
    active: row.active === 1,
    ...compact({
      externalId: row.externalId,
      displayName: row.displayName,
      name: compact({
        formatted: row.formattedName,
        givenName: row.givenName,
        familyName: row.familyName,
      }),
      emails: email === null ? null : [{ value: email, type: "work", primary: true }],
      [enterpriseSchema]: extension,
    }),
    meta: metaOf(row, "User", base),
  };
}

export interface Member {
  readonly userId: string;
  readonly userName: string;
}

/** A group; `members` null = they have not been asked for. */
export function groupResource(
  row: ScimGroupTable,
  members: readonly Member[] | null,
  base: string,
): ScimResource {
  return {
    schemas: [groupSchema],
    id: row.id,
    displayName: row.displayName,
    ...compact({ externalId: row.externalId }),
    ...(members !== null && {
      members: members.map(({ userId, userName }) => ({
        value: userId,
        display: userName,
        type: "User",
        $ref: `${base}/Users/${userId}`,
      })),
    }),
    meta: metaOf(row, "Group", base),
  };
}

import type { Role } from "../config/schema.ts";

/** Everything that a signed-in person may be allowed to do, `{what}:{how}`. */
export const permissions = [
  "session:end",
  "profile:read-own",
  "usage:read-own",
  "decisions:read-own",
  "accesses:read-own",
  "keys:read-own",
  "keys:write-own",
  "grants:read-own",
  "grants:write-own",
  "grants:revoke",
  "stops:read-own",
  "stops:set-own",
  "stops:lift-own",
  "stops:read",
  "stops:set",
  "stops:lift",
  "keys:manage",
  "policies:read",
  "ledger:read",
  "ledger:operate",
  "content:read",
  "prices:read",
  "prices:recompute",
  "budgets:read",
  "budgets:raise",
  "people:erase",
] as const;
export type Permission = (typeof permissions)[number];

/**
 * What a route asks for: a permission, nothing at all, the secret that proxies share, or that of the
 * identity provider that keeps the directory up to date.
 */
export type RouteAccess = Permission | "public" | "control-token" | "scim-token";

const own = [
  "session:end",
  "profile:read-own",
  "usage:read-own",
  "decisions:read-own",
  "accesses:read-own",
  "keys:read-own",
  "keys:write-own",
  "grants:read-own",
  "grants:write-own",
  "stops:read-own",
  "stops:set-own",
  "stops:lift-own",
] as const satisfies readonly Permission[];

/** The one table of who may do what. A role that is not named here may do nothing. */
const permissionsOfRole: Readonly<Record<Role, readonly Permission[]>> = {
  employee: own,
  manager: own,
  security: [
    ...own,
    "policies:read",
    "ledger:read",
    "content:read",
    "stops:read",
    "stops:set",
    "stops:lift",
  ],
  finance: [...own, "prices:read", "budgets:read"],
  auditor: [...own, "policies:read", "ledger:read", "stops:read"],
  admin: [
    ...own,
    "keys:manage",
    "grants:revoke",
    "stops:read",
    "stops:set",
    "stops:lift",
    "policies:read",
    "ledger:read",
    "ledger:operate",
    "content:read",
    "prices:read",
    "prices:recompute",
    "budgets:read",
    "budgets:raise",
    "people:erase",
  ],
};

/** Every role of the table, the least first. */
export const roleNames: readonly Role[] = [
  "employee",
  "manager",
  "finance",
  "security",
  "auditor",
  "admin",
];

function isRole(role: string): role is Role {
  return Object.hasOwn(permissionsOfRole, role);
}

/** Whether a route asks for a signed-in person, rather than for a secret or for nothing. */
export function isPermission(access: RouteAccess): access is Permission {
  return permissions.some((each) => each === access);
}

/** Whether it is about what is the signed-in person's own, and so can show nobody else's. */
export function isOwn(permission: Permission): boolean {
  return own.some((each) => each === permission);
}

/** Whether any of the roles carries the permission. */
export function isPermitted(roles: readonly string[], permission: Permission): boolean {
  return roles.some((role) => isRole(role) && permissionsOfRole[role].includes(permission));
}

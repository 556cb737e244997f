import type { ScimUserTable } from "../../store/schema.ts";

/** What is kept of a user as an identity provider describes one. */
export type UserAttributes = Pick<
  ScimUserTable,
  | "externalId"
  | "displayName"
  | "givenName"
  | "familyName"
  | "formattedName"
  | "email"
  | "managerRef"
  | "costCenter"
> & { userName: string | null; active: boolean };

/** Those that hold one text. By name in lower case, `enterprise:` before those of the extension. */
export const textAttributes = {
  username: "userName",
  externalid: "externalId",
  displayname: "displayName",
  "name.givenname": "givenName",
  "name.familyname": "familyName",
  "name.formatted": "formattedName",
  "enterprise:costcenter": "costCenter",
  "enterprise:manager.value": "managerRef",
} as const satisfies Record<string, keyof UserAttributes>;

/** Set by Weir alone (RFC 7643 §3.1, §4.1.2): ignored in a body, refused as a path. */
export const readOnlyAttributes: ReadonlySet<string> = new Set(["id", "meta", "schemas", "groups"]);

/** Of RFC 7643 §4.1 and §4.3, and not kept, since Weir has no use for them. */
export const ignoredAttributes: ReadonlySet<string> = new Set([
  "nickname",
  "profileurl",
  "title",
  "usertype",
  "preferredlanguage",
  "locale",
  "timezone",
  "password",
  "phonenumbers",
  "ims",
  "photos",
  "addresses",
  "entitlements",
  "roles",
  "x509certificates",
  "name.middlename",
  "name.honorificprefix",
  "name.honorificsuffix",
  "enterprise:employeenumber",
  "enterprise:organization",
  "enterprise:division",
  "enterprise:department",
  "enterprise:manager.$ref",
  "enterprise:manager.displayname",
]);

export const noAttributes: UserAttributes = {
  userName: null,
  externalId: null,
  displayName: null,
  givenName: null,
  familyName: null,
  formattedName: null,
  email: null,
  managerRef: null,
  costCenter: null,
  active: true,
};

import { type Static, Type } from "typebox";

const strict = { additionalProperties: false } as const;

export const Role = Type.Union([
  Type.Literal("employee"),
  Type.Literal("manager"),
  Type.Literal("security"),
  Type.Literal("finance"),
  Type.Literal("auditor"),
  Type.Literal("admin"),
]);
export type Role = Static<typeof Role>;

/** What members of a group of the identity provider get. */
export const GroupMapping = Type.Object(
  {
    team: Type.Optional(Type.String({ minLength: 1 })),
    // No default: none is filled in below a record.
    roles: Type.Optional(Type.Array(Role)),
  },
  strict,
);

/** Sign-in to the console by OpenID Connect. */
export const Oidc = Type.Object(
  {
    /** As the provider's discovery document says it, exactly. */
    issuer: Type.String({ minLength: 1 }),
    clientId: Type.String({ minLength: 1 }),
    /** Left out = a public client, which has PKCE alone. */
    clientSecretEnv: Type.Optional(Type.String({ pattern: "^[A-Z_][A-Z0-9_]*$" })),
    /** On the button of the sign-in page. */
    displayName: Type.String({ default: "single sign-on" }),
    scopes: Type.Array(Type.String({ pattern: "^[\\x21\\x23-\\x5b\\x5d-\\x7e]+$" }), {
      default: ["openid", "profile", "email"],
    }),
    personClaim: Type.Union(
      [Type.Literal("sub"), Type.Literal("email"), Type.Literal("preferred_username")],
      {
        default: "sub",
        description: "Becomes the person's id at the first sign-in. email must be verified",
      },
    ),
    nameClaim: Type.String({ minLength: 1, default: "name" }),
    groupsClaim: Type.String({ minLength: 1, default: "groups" }),
    /** The first group listed that gives a team wins; roles add up; `*` = whoever can sign in. */
    groups: Type.Record(Type.String({ minLength: 1 }), GroupMapping, { default: {} }),
    signOut: Type.Union([Type.Literal("provider"), Type.Literal("weir")], {
      default: "provider",
      description: "provider = signing out ends the session at the identity provider too",
    }),
  },
  strict,
);

/** People and groups as an identity provider keeps them up to date here, RFC 7644. */
export const Scim = Type.Object(
  {
    /** Environment variable with the token that the identity provider shows; or `<NAME>_FILE`. */
    tokenEnv: Type.String({ pattern: "^[A-Z_][A-Z0-9_]*$" }),
    personAttribute: Type.Union(
      [Type.Literal("userName"), Type.Literal("externalId"), Type.Literal("email")],
      {
        default: "userName",
        description: "Becomes the person's id. With `oidc`, what its personClaim holds",
      },
    ),
    /** By the group's displayName, as under `oidc`; `*` = every active user. */
    groups: Type.Record(Type.String({ minLength: 1 }), GroupMapping, { default: {} }),
  },
  strict,
);

/** What of `identity` is about signing in to the console. */
export const signInSettings = {
  /** Origin under which browsers reach the console; empty = the address it listens on. */
  consoleUrl: Type.String({ default: "" }),
  /** Whom people should ask who cannot get in: an address, a channel. */
  contact: Type.String({ default: "", maxLength: 200 }),
  /** One-time login links; left out = only while there is no `oidc`. */
  localLinks: Type.Optional(Type.Boolean()),
  session: Type.Object(
    {
      idleMs: Type.Integer({ minimum: 60_000, default: 28_800_000 }),
      absoluteMs: Type.Integer({ minimum: 60_000, maximum: 7_776_000_000, default: 604_800_000 }),
    },
    strict,
  ),
  /** `weir login`. */
  deviceLogin: Type.Object(
    {
      keyLifetimeMs: Type.Integer({
        minimum: 60_000,
        maximum: 2_592_000_000,
        default: 43_200_000,
      }),
    },
    strict,
  ),
  oidc: Type.Optional(Oidc),
  scim: Type.Optional(Scim),
};

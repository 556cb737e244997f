import { type Static, Type } from "typebox";
import { Scope, scopeNames } from "./scope.ts";

/**
 * An agent beyond doubt: `bob/triage` is the agent `triage` of bob's keys, `ci` the configured
 * service of that id. Anybody may call an agent of theirs by any name, so a name alone is none.
 */
export const AgentReference = Type.String({
  pattern: "^[A-Za-z0-9][A-Za-z0-9._@-]{0,126}(/[A-Za-z0-9][A-Za-z0-9._-]{0,62})?$",
});

/** Each list narrows the others: a name has to match a pattern of every one of them. */
export const PatternLists = Type.Array(Type.Array(Type.String()), { maxItems: 16 });
export type PatternLists = Static<typeof PatternLists>;

/** What a person lets an agent do in their name, as proxies know it. */
export const SnapshotGrant = Type.Object(
  {
    id: Type.String(),
    personId: Type.String(),
    teamId: Type.String(),
    costCenter: Type.String(),
    roles: Type.Array(Type.String()),
    agent: AgentReference,
    scopes: Type.Array(Scope),
    /** Left out = as many as the person may use. */
    models: Type.Optional(Type.Array(Type.String())),
    tools: Type.Optional(Type.Array(Type.String())),
    /** How many further agents the agent may hand it on to, one after the other. */
    maxHops: Type.Integer({ minimum: 0 }),
    fromMs: Type.Integer(),
    untilMs: Type.Integer(),
  },
  { additionalProperties: false },
);
export type SnapshotGrant = Static<typeof SnapshotGrant>;

/** A public Ed25519 key (RFC 8037). */
export const SigningKey = Type.Object(
  {
    kty: Type.Literal("OKP"),
    crv: Type.Literal("Ed25519"),
    x: Type.String(),
    kid: Type.String(),
    alg: Type.Literal("EdDSA"),
    use: Type.Literal("sig"),
  },
  { additionalProperties: false },
);
export type SigningKey = Static<typeof SigningKey>;

/** What a proxy needs to judge tokens of Weir's own without asking anybody. */
export const SnapshotDelegation = Type.Object(
  {
    issuer: Type.String(),
    /** The gateway as RFC 8707 names it: the only audience that it answers to. */
    resource: Type.String(),
    keys: Type.Array(SigningKey),
    grants: Type.Array(SnapshotGrant),
    /** Ids of the configured services, which alone act without a key. */
    services: Type.Array(Type.String()),
  },
  { additionalProperties: false },
);
export type SnapshotDelegation = Static<typeof SnapshotDelegation>;

export const maxHopsOfGrant = 3;

const actor = {
  sub: AgentReference,
  /** The line of keys that the agent showed; a service has none. */
  key: Type.Optional(Type.String({ maxLength: 64 })),
};
const strict = { additionalProperties: false };
const First = Type.Object(actor, strict);
const Second = Type.Object({ ...actor, act: Type.Optional(First) }, strict);
const Third = Type.Object({ ...actor, act: Type.Optional(Second) }, strict);
/** Written out, so that no token nests deeper than a grant can allow. */
const LastActor = Type.Object({ ...actor, act: Type.Optional(Third) }, strict);

/** RFC 8693 §4.1: who acts; nested, on behalf of whom that one does. */
export interface ActorClaim {
  readonly sub: string;
  readonly key?: string;
  readonly act?: ActorClaim;
}

/** The claims of a token of Weir's own (RFC 9068), all of which have to be there. */
export const DelegatedClaims = Type.Object({
  iss: Type.String(),
  sub: Type.String(),
  aud: Type.String(),
  exp: Type.Integer(),
  iat: Type.Integer(),
  jti: Type.String(),
  client_id: Type.String(),
  scope: Type.String(),
  grant: Type.String(),
  act: LastActor,
  models: Type.Optional(PatternLists),
  tools: Type.Optional(PatternLists),
});
export type DelegatedClaims = Static<typeof DelegatedClaims>;

/** Everybody who has acted, the one who acts now first. */
export function chainOf(act: ActorClaim): ActorClaim[] {
  const chain: ActorClaim[] = [];
  for (let each: ActorClaim | undefined = act; each !== undefined; each = each.act)
    chain.push(each);
  return chain;
}

/** Where the gateway's own metadata are (RFC 9728 §3). */
export const protectedResourcePath = "/.well-known/oauth-protected-resource";

/** The gateway as OAuth clients ask for it (RFC 9728 §2). */
export function protectedResource({
  issuer,
  resource,
}: Pick<SnapshotDelegation, "issuer" | "resource">): object {
  return {
    resource,
    authorization_servers: [issuer],
    scopes_supported: scopeNames,
    bearer_methods_supported: ["header"],
    resource_name: "Weir",
  };
}

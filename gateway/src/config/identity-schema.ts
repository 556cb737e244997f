import { type Static, Type } from "typebox";
import { Scope } from "../contracts/scope.ts";
import { signInSettings } from "./sign-in-schema.ts";

const strict = { additionalProperties: false } as const;
const name = Type.String({ minLength: 1, maxLength: 256 });

/** Asymmetric ones alone: an issuer's public key must never serve as a shared secret. */
export const TokenAlgorithm = Type.Union([
  Type.Literal("RS256"),
  Type.Literal("RS384"),
  Type.Literal("RS512"),
  Type.Literal("PS256"),
  Type.Literal("PS384"),
  Type.Literal("PS512"),
  Type.Literal("ES256"),
  Type.Literal("ES384"),
  Type.Literal("ES512"),
  Type.Literal("EdDSA"),
]);
export type TokenAlgorithm = Static<typeof TokenAlgorithm>;

/** Whose JWTs are accepted in place of keys. */
export const Issuer = Type.Object(
  {
    /** Ours for it, in rows and metrics. */
    name: Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,62}$" }),
    /** The `iss` of its tokens, to the letter. */
    issuer: Type.String({ pattern: "^https?://", maxLength: 512 }),
    /** The `aud` that stands for this gateway. */
    audience: name,
    jwksUri: Type.Optional(
      Type.String({
        pattern: "^https?://",
        description: "Left out: what <issuer>/.well-known/openid-configuration says",
      }),
    ),
    algorithms: Type.Array(TokenAlgorithm, { default: ["RS256"], minItems: 1, uniqueItems: true }),
    personClaim: Type.String({
      minLength: 1,
      maxLength: 256,
      default: "sub",
      description: "The claim that holds a person's id, or the subject of a service",
    }),
    teamClaim: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 256,
        description: "A claim that holds the team's id, in place of the person's own team",
      }),
    ),
    clockToleranceSeconds: Type.Integer({ minimum: 0, maximum: 300, default: 30 }),
    maxTokenAgeSeconds: Type.Integer({
      minimum: 60,
      maximum: 2_592_000,
      default: 86_400,
      description: "A token issued longer ago than this is refused whatever its exp says",
    }),
    refreshSeconds: Type.Integer({
      minimum: 10,
      maximum: 86_400,
      default: 300,
      description: "How often the issuer's keys are fetched anew",
    }),
    keysExpireSeconds: Type.Integer({
      minimum: 60,
      maximum: 2_592_000,
      default: 86_400,
      description: "For how long keys once fetched are good while the issuer cannot be reached",
    }),
  },
  strict,
);

/** A program that calls in its own name, by tokens of an issuer. */
export const Service = Type.Object(
  {
    id: Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._@-]{0,126}$" }),
    team: Type.String(),
    /** Name of one of `identity.issuers`. */
    issuer: Type.String(),
    /** What stands in the issuer's `personClaim`. */
    subject: name,
    scopes: Type.Optional(Type.Array(Scope, { minItems: 1, uniqueItems: true })),
    models: Type.Optional(Type.Array(name, { minItems: 1, maxItems: 64 })),
  },
  strict,
);

/** The `identity` section: who may call, and who may sign in. */
export const Identity = Type.Object(
  {
    maxKeysPerPerson: Type.Integer({
      minimum: 1,
      maximum: 1_000,
      default: 100,
      description: "Live keys; while a rotation overlaps, twice as many",
    }),
    issuers: Type.Array(Issuer, { default: [], maxItems: 16 }),
    services: Type.Array(Service, { default: [], maxItems: 1_000 }),
    delegation: Type.Object(
      {
        gatewayUrl: Type.String({
          pattern: "^$|^https?://[^/?#]+$",
          default: "",
          description: "Origin under which agents reach the gateway; empty = where it listens",
        }),
        resources: Type.Array(Type.String({ pattern: "^https?://[^#]+$", maxLength: 512 }), {
          default: [],
          maxItems: 64,
          description: "Other audiences that tokens may be asked for (RFC 8707)",
        }),
        tokenLifetimeMs: Type.Integer({ minimum: 10_000, maximum: 3_600_000, default: 600_000 }),
      },
      strict,
    ),
    ...signInSettings,
  },
  strict,
);
export type Identity = Static<typeof Identity>;

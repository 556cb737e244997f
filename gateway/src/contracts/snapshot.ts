import { type Static, Type } from "typebox";
import { Budget } from "./budget.ts";
import { SnapshotDelegation } from "./delegation.ts";
import { PolicyData } from "./policy-data.ts";
import { Principal } from "./principal.ts";
import { Scope } from "./scope.ts";
import { SnapshotStop } from "./stop.ts";

export const DenialStyle = Type.Union([Type.Literal("error"), Type.Literal("soft")]);
export type DenialStyle = Static<typeof DenialStyle>;

/** One live virtual key. Only its SHA-256 leaves the control store. */
export const SnapshotKey = Type.Object(
  {
    keyHash: Type.String({ pattern: "^[0-9a-f]{64}$" }),
    principal: Principal,
    expiresAtMs: Type.Union([Type.Integer(), Type.Null()]),
    /** `soft` = a denial is an assistant message, for clients that any error makes drop their key. */
    denialStyle: Type.Optional(DenialStyle),
    /** Id of this secret. Its principal's `keyId` outlives rotations, this does not. */
    secretId: Type.Optional(Type.String()),
    /** What it may be used for; absent = everything that its principal may do. */
    scopes: Type.Optional(Type.Array(Scope)),
    /** Patterns of models, which narrow the team's; absent = all of the team's. */
    models: Type.Optional(Type.Array(Type.String())),
  },
  { additionalProperties: false },
);
export type SnapshotKey = Static<typeof SnapshotKey>;

/** Those whom a token or a certificate may name. */
export const SnapshotDirectory = Type.Object(
  {
    people: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          teamId: Type.String(),
          roles: Type.Array(Type.String()),
          /** In place of the team's. */
          costCenter: Type.Optional(Type.String()),
        },
        { additionalProperties: false },
      ),
    ),
    teams: Type.Array(
      Type.Object(
        { id: Type.String(), costCenter: Type.String() },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
export type SnapshotDirectory = Static<typeof SnapshotDirectory>;

export const SnapshotPolicy = Type.Object(
  {
    revision: Type.String(),
    /** policy.wasm, base64. */
    wasm: Type.String(),
    entrypoints: Type.Array(Type.String()),
    data: PolicyData,
  },
  { additionalProperties: false },
);
export type SnapshotPolicy = Static<typeof SnapshotPolicy>;

/**
 * All that a proxy needs to decide a call without asking anybody. It holds no provider
 * credential: those stay in each process's own configuration.
 */
export const Snapshot = Type.Object(
  {
    /** Digest of everything below: the ETag of the long poll. */
    version: Type.String(),
    publishedAtMs: Type.Integer(),
    keys: Type.Array(SnapshotKey),
    /** Only where the configuration names issuers of tokens, or of client certificates. */
    directory: Type.Optional(SnapshotDirectory),
    /** Null until a policy has been loaded: every call is then denied. */
    policy: Type.Union([SnapshotPolicy, Type.Null()]),
    /** Left out = none. */
    budgets: Type.Optional(Type.Array(Budget)),
    /** Left out = no token of Weir's own is accepted. */
    delegation: Type.Optional(SnapshotDelegation),
    /** In force; left out = none. */
    stops: Type.Optional(Type.Array(SnapshotStop)),
  },
  { additionalProperties: false },
);
export type Snapshot = Static<typeof Snapshot>;

import { type Static, Type } from "typebox";
import { Budget } from "./budget.ts";
import { PolicyData } from "./policy-data.ts";
import { Principal } from "./principal.ts";

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
  },
  { additionalProperties: false },
);
export type SnapshotKey = Static<typeof SnapshotKey>;

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
    /** Null until a policy has been loaded: every call is then denied. */
    policy: Type.Union([SnapshotPolicy, Type.Null()]),
    /** Left out = none. */
    budgets: Type.Optional(Type.Array(Budget)),
  },
  { additionalProperties: false },
);
export type Snapshot = Static<typeof Snapshot>;

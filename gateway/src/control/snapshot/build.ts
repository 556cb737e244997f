import { createHash } from "node:crypto";
import type { Budget } from "../../contracts/budget.ts";
import type { SnapshotDelegation } from "../../contracts/delegation.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { Scope } from "../../contracts/scope.ts";
import type {
  DenialStyle,
  Snapshot,
  SnapshotDirectory,
  SnapshotKey,
} from "../../contracts/snapshot.ts";
import type { SnapshotStop } from "../../contracts/stop.ts";
import { policyData, type TeamRow } from "./policy-data.ts";

/** A live key with its person and team, as they stand in the store. */
export interface KeyRow {
  readonly id: string;
  readonly hash: string;
  readonly personId: string;
  readonly agentId: string | null;
  readonly expiresAtMs: number | null;
  readonly denialStyle: DenialStyle;
  readonly scopes: readonly Scope[] | null;
  readonly models: readonly string[] | null;
  readonly lineageId: string;
  readonly teamId: string;
  readonly costCenter: string;
  readonly roles: readonly string[];
}

/** The policy that is in force, without its data. */
export interface LoadedPolicy {
  readonly revision: string;
  readonly wasm: string;
  readonly entrypoints: readonly string[];
}

export interface SnapshotSource {
  readonly keys: readonly KeyRow[];
  readonly teams: readonly TeamRow[];
  readonly policy: LoadedPolicy | null;
  /** Null = nothing but keys is accepted, so nobody needs to know who else there is. */
  readonly directory?: SnapshotDirectory | null;
  /** Left out = none. */
  readonly budgets?: readonly Budget[];
  /** Null = it is not known yet where Weir is reached, so there are no tokens of its own. */
  readonly delegation?: SnapshotDelegation | null;
  /** In force; left out = none. */
  readonly stops?: readonly SnapshotStop[];
}

function principalOf(key: KeyRow): Principal {
  const common = {
    teamId: key.teamId,
    costCenter: key.costCenter,
    roles: [...key.roles],
    keyId: key.lineageId,
    assurance: "api_key" as const,
  };
  if (key.agentId === null) return { id: key.personId, kind: "person", ...common };
  return {
    id: key.agentId,
    kind: "agent",
    onBehalfOf: key.personId,
    agentId: key.agentId,
    ...common,
  };
}

/**
 * Puts together what a proxy needs to know. `version` depends on the content alone, so that two
 * builds of the same state are the same snapshot, whichever process made them, and when.
 */
export function buildSnapshot(source: SnapshotSource, publishedAtMs: number): Snapshot {
  const keys: SnapshotKey[] = source.keys
    .map((key) => ({
      keyHash: key.hash,
      principal: principalOf(key),
      expiresAtMs: key.expiresAtMs,
      secretId: key.id,
      ...(key.denialStyle === "error" ? {} : { denialStyle: key.denialStyle }),
      ...(key.scopes === null ? {} : { scopes: [...key.scopes] }),
      ...(key.models === null ? {} : { models: [...key.models] }),
    }))
    .toSorted((left, right) => (left.keyHash < right.keyHash ? -1 : 1));
  const teams = source.teams.toSorted((left, right) => (left.id < right.id ? -1 : 1));
  const policy = source.policy && {
    revision: source.policy.revision,
    wasm: source.policy.wasm,
    entrypoints: [...source.policy.entrypoints],
    data: policyData(teams),
  };
  const directory = source.directory ? { directory: source.directory } : {};
  const budgets = (source.budgets ?? []).toSorted((left, right) => (left.id < right.id ? -1 : 1));
  const stops = (source.stops ?? []).toSorted((left, right) => (left.id < right.id ? -1 : 1));
  const content = {
    keys,
    ...directory,
    policy,
    ...(budgets.length > 0 && { budgets }),
    ...(source.delegation && { delegation: source.delegation }),
    ...(stops.length > 0 && { stops }),
  };
  const version = createHash("sha256").update(JSON.stringify(content)).digest("hex");
  return { version, publishedAtMs, ...content };
}

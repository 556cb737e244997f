import { loadPolicyEvaluator, type PolicyEvaluator } from "@weir/policies/evaluate";
import { type ActiveDelegation, activateDelegation } from "./activate-delegation.ts";
import { BudgetBook } from "../limit/budget-book.ts";
import { StopBook } from "../stop/stop-book.ts";
import type { Snapshot, SnapshotKey } from "../../contracts/snapshot.ts";

export interface ActivePolicy {
  readonly revision: string;
  readonly evaluator: PolicyEvaluator;
}

/** Those whom a token may name. */
export interface ActiveDirectory {
  readonly people: ReadonlyMap<
    string,
    { readonly teamId: string; readonly roles: readonly string[]; readonly costCenter?: string }
  >;
  /** Cost center by team. */
  readonly costCenters: ReadonlyMap<string, string>;
}

/** A snapshot made ready for the hot path. Replaced as a whole, never changed. */
export interface ActiveSnapshot {
  readonly version: string;
  /** By SHA-256 of the key. */
  readonly keys: ReadonlyMap<string, SnapshotKey>;
  readonly directory: ActiveDirectory;
  readonly policy: ActivePolicy | null;
  readonly budgets: BudgetBook;
  readonly stops: StopBook;
  /** Left out = no token of Weir's own is accepted. */
  readonly delegation?: ActiveDelegation | null;
}

const nobody: ActiveDirectory = { people: new Map(), costCenters: new Map() };

/** What a proxy works from before it has seen any snapshot: nobody may do anything. */
export const emptySnapshot: ActiveSnapshot = {
  version: "",
  keys: new Map(),
  directory: nobody,
  policy: null,
  budgets: new BudgetBook([]),
  stops: new StopBook([]),
};

/**
 * Prepares a published snapshot. An unchanged policy keeps its evaluator.
 *
 * @throws whatever loading the policy throws: the caller keeps the snapshot it has.
 */
export async function activate(
  snapshot: Snapshot,
  previous: ActiveSnapshot,
): Promise<ActiveSnapshot> {
  return {
    version: snapshot.version,
    keys: new Map(snapshot.keys.map((key) => [key.keyHash, key])),
    directory: activateDirectory(snapshot),
    policy: await activatePolicy(snapshot, previous.policy),
    budgets: new BudgetBook(snapshot.budgets ?? []),
    stops: new StopBook(snapshot.stops ?? []),
    delegation: activateDelegation(snapshot),
  };
}

function activateDirectory({ directory }: Snapshot): ActiveDirectory {
  if (directory === undefined) return nobody;
  return {
    people: new Map(directory.people.map((person) => [person.id, person])),
    costCenters: new Map(directory.teams.map(({ id, costCenter }) => [id, costCenter])),
  };
}

async function activatePolicy(
  { policy }: Snapshot,
  previous: ActivePolicy | null,
): Promise<ActivePolicy | null> {
  if (policy === null) return null;
  const { revision, entrypoints, data } = policy;
  if (previous?.revision === revision) {
    previous.evaluator.setData({ weir: data });
    return previous;
  }
  const wasm = Buffer.from(policy.wasm, "base64");
  const evaluator = await loadPolicyEvaluator({
    wasm,
    entrypoints,
    data: { weir: data },
    revision,
  });
  return { revision, evaluator };
}

import type { Snapshot } from "../../contracts/snapshot.ts";
import { Directory } from "./directory.ts";

/** What the configuration adds to the people and teams that a snapshot lists. */
export interface ConfiguredDirectory {
  readonly names: readonly string[];
  readonly domains: readonly string[];
}

/** The trusted directory of one snapshot; to be made anew with each. */
export function snapshotDirectory(
  { keys, directory }: Pick<Snapshot, "keys" | "directory">,
  configured: ConfiguredDirectory = { names: [], domains: [] },
): Directory {
  const people = directory?.people.map(({ id }) => id) ?? [];
  const teams = directory?.teams.map(({ id }) => id) ?? [];
  const holders = keys.map(({ principal }) => principal.id);
  const names = new Set([...configured.names, ...people, ...teams, ...holders]);
  return new Directory({ names: [...names], domains: configured.domains });
}

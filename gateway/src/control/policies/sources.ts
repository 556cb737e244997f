import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

/** Policy files by their path within the folder, with their text. */
export type PolicySources = Readonly<Record<string, string>>;

/** Names a policy: SHA-256 (hex) of its entrypoints and of every file's path and text. */
export function policyRevision(sources: PolicySources, entrypoints: readonly string[]): string {
  const files = Object.entries(sources).toSorted(([left], [right]) => (left < right ? -1 : 1));
  // As JSON, no path or text can be mistaken for the border between two files.
  return createHash("sha256").update(JSON.stringify({ entrypoints, files })).digest("hex");
}

const settleMs = 25;
const maxReads = 8;

/**
 * Reads again until two reads in a row agree: an editor or a `git checkout` may be half-way
 * through its files. Gives up after eight reads; the next change or poll comes back to it.
 */
export async function readSettled(
  read: () => Promise<PolicySources>,
  revisionOf: (sources: PolicySources) => string,
  first: PolicySources,
): Promise<PolicySources> {
  let before = first;
  for (let reads = 1; reads < maxReads; reads += 1) {
    await sleep(settleMs);
    const after = await read();
    if (revisionOf(after) === revisionOf(before)) return after;
    before = after;
  }
  return before;
}

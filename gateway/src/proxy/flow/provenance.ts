import type { Source } from "./sources.ts";

/** From the most trusted to the least. */
export type Origin = "user" | "directory" | "system" | "tool" | "unknown";
const rank: Record<Origin, number> = { user: 0, directory: 1, system: 2, tool: 3, unknown: 4 };

/** Where a value came from, as a policy reads it. */
export interface Provenance {
  readonly origin: Origin;
  /** `user`, `directory`, `system`, `tool:<name>#<n>` or `unknown`. */
  readonly label: string;
  readonly source?: Source;
}

export const unknown: Provenance = { origin: "unknown", label: "unknown" };
export const directory: Provenance = { origin: "directory", label: "directory" };

export function provenanceOf(source: Source | undefined): Provenance {
  return source === undefined ? unknown : { origin: source.kind, label: source.label, source };
}

/** Of several parts of one value the least trusted counts. */
export function weakest(parts: readonly Provenance[]): Provenance {
  return parts.reduce((one, other) => (rank[other.origin] > rank[one.origin] ? other : one));
}

export function weakestOf(sources: readonly Source[]): Source | undefined {
  return sources.reduce<Source | undefined>(
    (one, other) => (one === undefined || rank[other.kind] > rank[one.kind] ? other : one),
    undefined,
  );
}

/** The least trusted of a call's arguments, without remarks on them; `unknown` where it has none. */
export function weakestLabel(provenance: Readonly<Record<string, string>>): string {
  let result = "";
  for (const [path, label] of Object.entries(provenance)) {
    const isRemark = /@[a-z]+$/.test(path);
    if (isRemark && path !== "@incomplete") continue;
    if (result === "" || rank[originOf(label)] > rank[originOf(result)]) result = label;
  }
  return result === "" ? "unknown" : result;
}

function originOf(label: string): Origin {
  if (label === "user" || label === "directory" || label === "system") return label;
  return label.startsWith("tool:") ? "tool" : "unknown";
}

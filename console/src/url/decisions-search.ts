import type { DecisionFilter } from "@weir/gateway/contracts";

/** What the address of `/decisions` can say. */
export interface DecisionsSearch {
  readonly show?: DecisionFilter;
  /** The decision whose details are open. */
  readonly decision?: string;
}

export const decisionFilters: readonly {
  readonly value: DecisionFilter;
  readonly label: string;
}[] = [
  { value: "all", label: "All" },
  { value: "denied", label: "Denied" },
  { value: "changed", label: "Changed" },
  { value: "allowed", label: "Allowed" },
];

/** Reads untrusted search parameters; `show=all` is the default and is left out. */
export function parseDecisionsSearch(raw: Record<string, unknown>): DecisionsSearch {
  const filter = decisionFilters.find((each) => each.value === raw["show"] && each.value !== "all");
  const id = raw["decision"];
  const hasId = typeof id === "string" && /^[\w.:-]{1,128}$/.test(id);
  return {
    ...(filter === undefined ? {} : { show: filter.value }),
    ...(hasId ? { decision: id } : {}),
  };
}

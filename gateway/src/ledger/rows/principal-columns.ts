import type { Principal } from "../../contracts/principal.ts";
import type { LayoutColumn } from "./layout.ts";
import { text, textArray } from "./tab-separated.ts";

interface Attributed {
  readonly principal: Principal | null;
}

/** Whose usage a row is: the person an agent acts for, else the principal; empty without one. */
export function personOf(principal: Principal | null): string {
  return principal?.onBehalfOf || (principal?.id ?? "");
}

/** Who a row belongs to, as it was at that moment. */
export const principalColumns: readonly LayoutColumn<Attributed>[] = [
  { name: "person_id", encode: ({ principal }) => text(personOf(principal)) },
  { name: "principal_id", encode: ({ principal }) => text(principal?.id ?? "") },
  { name: "principal_kind", encode: ({ principal }) => principal?.kind ?? "" },
  { name: "on_behalf_of", encode: ({ principal }) => text(principal?.onBehalfOf ?? "") },
  { name: "agent_id", encode: ({ principal }) => text(principal?.agentId ?? "") },
  { name: "team_id", encode: ({ principal }) => text(principal?.teamId ?? "") },
  { name: "cost_center", encode: ({ principal }) => text(principal?.costCenter ?? "") },
  { name: "roles", encode: ({ principal }) => textArray(principal?.roles ?? []) },
  { name: "key_id", encode: ({ principal }) => text(principal?.keyId ?? "") },
  { name: "assurance", encode: ({ principal }) => principal?.assurance ?? "" },
];

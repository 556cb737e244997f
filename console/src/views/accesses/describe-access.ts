import type { AccessItem } from "@weir/gateway/contracts";

const resources: Readonly<Record<string, string>> = {
  "ledger.export": "Export of the ledger",
  "ledger.backup": "Backup of the ledger",
  content: "Prompt and answer of a call",
  "ledger.dead-letters": "A row that ClickHouse refused",
};

/** Who looked, by name if it is known. */
export function lookerOf({ actor, actorName }: AccessItem): string {
  if (actorName !== "") return actorName;
  if (actor === "command-line") return "The operator, at the command line";
  if (actor === "weir") return "Weir itself";
  return actor.replace(/^person:/, "");
}

/** What was read; a name that the console does not know stays as it is. */
export const resourceOf = ({ resource }: AccessItem): string => resources[resource] ?? resource;

export const scopeOf = ({ scope }: AccessItem): string =>
  scope === "you" ? "Your data" : "Everybody's data, yours too";

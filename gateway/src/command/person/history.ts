import type { Belonging } from "../../contracts/api/belonging.ts";
import { personHistoryOperation } from "../../control/ledger/operations/person-history.ts";
import { loadFor } from "../config-options.ts";
import type { Host } from "../host.ts";
import { runOperation } from "../ledger/run-operation.ts";
import { visibleText } from "../ledger/visible-text.ts";
import type { PersonHistoryFlags } from "../person-command.ts";

/** Prints where a person has belonged, the last first. */
export async function personHistory(
  personId: string,
  flags: PersonHistoryFlags,
  host: Host,
): Promise<void> {
  const config = loadFor(host, flags, false);
  const request = { personId, purpose: flags.purpose };
  const owner = { config, env: host.env };
  const found = await runOperation(owner, personHistoryOperation, request, () => undefined);
  if (flags.json === true) host.stdout.write(`${JSON.stringify(found)}\n`);
  else host.stdout.write(found.belongings.map(line).join(""));
}

function line({ fromMs, untilMs, teamId, managerId, costCenter }: Belonging): string {
  const until = untilMs === null ? "now".padEnd(24) : new Date(untilMs).toISOString();
  const parts = [`team ${teamId}`, `manager ${managerId ?? "–"}`, `cost centre ${costCenter}`];
  const said = parts.map((part) => visibleText(part)).join("  ");
  return `${new Date(fromMs).toISOString()} – ${until}  ${said}\n`;
}

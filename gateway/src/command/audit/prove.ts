import { proveRow } from "../../audit/prove/prove-row.ts";
import { findSince } from "../../audit/verify/since.ts";
import type { ProveFlags } from "../audit-command.ts";
import { loadFor } from "../config-options.ts";
import type { Host } from "../host.ts";
import { auditDirectory, ownPublicKey, withAuditFaults } from "./audit-fault.ts";

/** Prints the proof of a row. */
export async function prove(id: string, flags: ProveFlags, host: Host): Promise<void> {
  const directory = auditDirectory(loadFor(host, flags, false));
  const proof = await withAuditFaults(async () => {
    if (flags.since === undefined) return proveRow(directory, id);
    const since = await findSince(directory, flags.since, await ownPublicKey(directory));
    return proveRow(directory, id, since);
  });
  host.stdout.write(`${JSON.stringify(proof, undefined, 2)}\n`);
}

import { shipOperation } from "../../control/ledger/operations/ship.ts";
import { loadFor } from "../config-options.ts";
import type { Host } from "../host.ts";
import type { LedgerFlags } from "../ledger-command.ts";
import { runOperation } from "./run-operation.ts";

/** Ships what is in the spools. */
export async function ship(flags: LedgerFlags, host: Host): Promise<void> {
  const config = loadFor(host, flags, false);
  const done = await runOperation({ config, env: host.env }, shipOperation, {}, () => undefined);
  host.stdout.write(flags.json === true ? `${JSON.stringify(done)}\n` : "all is in ClickHouse\n");
}

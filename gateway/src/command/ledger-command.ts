import type { Command } from "commander";
import type { ConfigFlags } from "../config/overrides.ts";
import { addDataOptions } from "./config-options.ts";
import type { Host } from "./host.ts";
import { addCopyCommands } from "./ledger/add-copy-commands.ts";
import { addUpkeepCommands } from "./ledger/add-upkeep-commands.ts";

export interface LedgerFlags extends ConfigFlags {
  readonly json?: boolean;
}

export interface VerifyFlags extends LedgerFlags {
  readonly repair?: boolean;
}

export interface MigrateFlags extends LedgerFlags {
  readonly dryRun?: boolean;
}

/** `weir ledger …`: each command in a file of its own, loaded when it is asked for. */
export function addLedgerCommand(program: Command, host: Host): void {
  const ledger = program
    .command("ledger")
    .description("The record of every call, and its database");
  addUpkeepCommands(ledger, host);
  addCopyCommands(ledger, host);
  addDataOptions(ledger.command("ship"))
    .description("Ship to ClickHouse what is in the spools now")
    .option("--json", "print JSON")
    .action(async (flags: LedgerFlags) => {
      const { ship } = await import("./ledger/ship.ts");
      await ship(flags, host);
    });
  addDataOptions(ledger.command("verify"))
    .description("Check the ledger day by day: sums, ids, decisions, corrections, costs")
    .option("--repair", "make roll-ups that are wrong anew from the rows that they sum up")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExit code 1 = something is wrong.\n\nExample:\n  weir ledger verify --repair",
    )
    .action(async (flags: VerifyFlags) => {
      const { verifyLedger } = await import("./ledger/verify.ts");
      await verifyLedger(flags, host);
    });
  ledger
    .command("grants")
    .description("Print the SQL that gives each user of a ClickHouse server no more than it needs")
    .option("--database <name>", "database that holds the ledger", "default")
    .option("--cluster <name>", "name of the cluster, when ledger.cluster is set")
    .addHelpText("after", "\nExample:\n  weir ledger grants --database weir > grants.sql")
    .action(async ({ database, cluster }: { database: string; cluster?: string }) => {
      const { ledgerGrantsText } = await import("./ledger/grants.ts");
      const named = cluster === undefined ? {} : { cluster };
      host.stdout.write(ledgerGrantsText({ database, ...named }));
    });
}

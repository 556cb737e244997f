import { type Command, Option } from "commander";
import { addDataOptions } from "../config-options.ts";
import type { Host } from "../host.ts";
import type { LedgerFlags, MigrateFlags } from "../ledger-command.ts";
import type { DeadLetterFlags, ShowFlags } from "./dead-letters.ts";

const SPOOL = "only those of this spool";
const CODE = "only those refused for this, for example CLICKHOUSE_27";
const SEQUENCE = "only these of the spool";
const JSON_OPTION = ["--json", "print JSON"] as const;

/** `weir ledger status|migrate|dead-letters`, each loaded when it is asked for. */
export function addUpkeepCommands(ledger: Command, host: Host): void {
  addDataOptions(ledger.command("status"))
    .description("Tables, migrations, spools, dead letters and room on the disk")
    .option(...JSON_OPTION)
    .addHelpText("after", "\nExample:\n  weir ledger status --json")
    .action(async (flags: LedgerFlags) => {
      const { ledgerStatus } = await import("./status.ts");
      await ledgerStatus(flags, host);
    });
  addDataOptions(ledger.command("migrate"))
    .description(
      "Bring the tables to this version; Weir does so itself when it starts, unless ledger.migrate is manual",
    )
    .addOption(new Option("--dry-run", "print the SQL of what is pending, and change nothing"))
    .option(...JSON_OPTION)
    .addHelpText("after", "\nExample:\n  weir ledger migrate --dry-run")
    .action(async (flags: MigrateFlags) => {
      const { migrateLedger } = await import("./migrate.ts");
      await migrateLedger(flags, host);
    });
  addDeadLetterCommands(ledger, host);
}

function addDeadLetterCommands(ledger: Command, host: Host): void {
  const letters = ledger
    .command("dead-letters")
    .description("Rows that ClickHouse refused: look at them, insert them, put them aside");
  addDataOptions(letters.command("list"))
    .description("List them, and what of damaged segments could not be read")
    .option("--spool <spool>", SPOOL)
    .option("--code <code>", CODE)
    .option(...JSON_OPTION)
    .addHelpText("after", "\nExample:\n  weir ledger dead-letters list --code CLICKHOUSE_27")
    .action(async (flags: DeadLetterFlags) => {
      const { listDeadLetters } = await import("./dead-letters.ts");
      await listDeadLetters(flags, host);
    });
  addDataOptions(letters.command("show <spool> <sequence>"))
    .description("Print one, column by column; who did, and why, is recorded first")
    .requiredOption("--purpose <text>", "why; it is recorded")
    .option(...JSON_OPTION)
    .addHelpText(
      "after",
      '\nExample:\n  weir ledger dead-letters show proxy-0 116 --purpose "why it was refused"',
    )
    .action(async (spool: string, sequence: string, flags: ShowFlags) => {
      const { showDeadLetter } = await import("./dead-letters.ts");
      await showDeadLetter(spool, sequence, flags, host);
    });
  addDataOptions(letters.command("retry"))
    .description("Insert them once more, each exactly once")
    .option("--spool <spool>", SPOOL)
    .option("--code <code>", CODE)
    .option("--sequence <sequence...>", SEQUENCE)
    .option(...JSON_OPTION)
    .addHelpText(
      "after",
      "\nExit code 1 = ClickHouse still refuses some; they stay.\n\nExample:\n  weir ledger dead-letters retry --spool proxy-0 --sequence 116 117",
    )
    .action(async (flags: DeadLetterFlags) => {
      const { retryDeadLetters } = await import("./dead-letters.ts");
      await retryDeadLetters(flags, host);
    });
  addDataOptions(letters.command("discard"))
    .description("Put them aside, on record: nothing retries them any more")
    .option("--spool <spool>", SPOOL)
    .option("--code <code>", CODE)
    .option("--sequence <sequence...>", SEQUENCE)
    .option("--reason <text>", "why; it is recorded")
    .option("--yes", "do it")
    .option(...JSON_OPTION)
    .addHelpText(
      "after",
      '\nExample:\n  weir ledger dead-letters discard --spool proxy-0 --reason "test calls" --yes',
    )
    .action(async (flags: DeadLetterFlags) => {
      const { discardDeadLetters } = await import("./dead-letters.ts");
      await discardDeadLetters(flags, host);
    });
}

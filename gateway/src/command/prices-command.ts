import { type Command, InvalidArgumentError } from "commander";
import type { ConfigFlags } from "../config/overrides.ts";
import { addDataOptions } from "./config-options.ts";
import type { Host } from "./host.ts";

export interface PriceFlags extends ConfigFlags {
  readonly json?: boolean;
}

export interface ListFlags extends PriceFlags {
  readonly all?: boolean;
}

export interface UnpricedFlags extends PriceFlags {
  readonly from?: string;
  readonly to?: string;
}

export interface RecomputeFlags extends PriceFlags {
  readonly from: string;
  readonly to: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export function addPricesCommand(program: Command, host: Host): void {
  const prices = program.command("prices").description("What models cost, and what has no price");
  addLookCommands(prices, host);
  addLedgerCommands(prices, host);
}

function addLookCommands(prices: Command, host: Host): void {
  addDataOptions(prices.command("list"))
    .description("List the prices of models, USD per million tokens: weir.yaml's, then the table's")
    .argument("[pattern]", "only models like this, * as wildcard", "*")
    .option("--all", "of every provider in the table, not just of the configured ones")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample:\n  weir prices list 'claude-*'")
    .action(async (pattern: string, flags: ListFlags) => {
      const { listPrices } = await import("./prices/list.ts");
      listPrices(pattern, flags, host);
    });
  addDataOptions(prices.command("show"))
    .description("Say what a model costs, by which version and from where; exit code 1 = no price")
    .argument("<provider>", "as the configuration names it")
    .argument("<model>", "as calls name it")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample:\n  weir prices show anthropic claude-sonnet-5")
    .action(async (provider: string, model: string, flags: PriceFlags) => {
      const { showPrice } = await import("./prices/show.ts");
      showPrice(provider, model, flags, host);
    });
}

function addLedgerCommands(prices: Command, host: Host): void {
  addDataOptions(prices.command("unpriced"))
    .description("List the models whose calls have no cost on record")
    .option("--from <day>", "first UTC day, as 2026-11-01 (default: all on record)", parseDay)
    .option("--to <day>", "last UTC day (default: all on record)", parseDay)
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample:\n  weir prices unpriced --from 2026-11-01")
    .action(async (flags: UnpricedFlags) => {
      const { listUnpriced } = await import("./prices/unpriced.ts");
      await listUnpriced(flags, host);
    });
  addDataOptions(prices.command("recompute"))
    .description("Price the calls on record anew, and write a correction for each that has changed")
    .requiredOption("--from <day>", "first UTC day, as 2026-11-01", parseDay)
    .requiredOption("--to <day>", "last UTC day, included", parseDay)
    .option("--dry-run", "only say what would change")
    .option("--yes", "write the corrections; without it nothing is written")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
By the present weir.yaml and price table; a table price with a history counts as of each call's
own day. While Weir runs, it does the work itself. It may be repeated, and broken off, at any time.

Examples:
  weir prices recompute --from 2026-11-01 --to 2026-11-30 --dry-run
  weir prices recompute --from 2026-11-01 --to 2026-11-30 --yes`,
    )
    .action(async (flags: RecomputeFlags) => {
      const { recomputePrices } = await import("./prices/recompute.ts");
      await recomputePrices(flags, host);
    });
}

function parseDay(text: string): string {
  const time = Date.parse(`${text}T00:00:00Z`);
  const isDay = !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
  if (/^\d{4}-\d\d-\d\d$/.test(text) && isDay) return text;
  throw new InvalidArgumentError("It must be a day like 2026-11-01.");
}

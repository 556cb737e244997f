import type { ProviderConfig } from "../../config/schema.ts";
import { matchesPattern } from "../../contracts/pattern.ts";
import { exitCodes } from "../../supervisor/fault.ts";
import { loadPriceTable } from "../../prices/price-table.ts";
import { findTableProvider } from "../../prices/table-cost.ts";
import { loadFor } from "../config-options.ts";
import type { Host } from "../host.ts";
import type { ListFlags } from "../prices-command.ts";
import { configuredProviders } from "./configured-providers.ts";
import { type MainRates, overrideRates, pricesNow, tableRates } from "./rates.ts";
import { tableText } from "./table-text.ts";

interface PriceLine extends MainRates {
  readonly provider: string;
  readonly model: string;
  readonly from: "weir.yaml" | "table";
}

/** Prints the prices of the models that match: what weir.yaml says goes before the table. */
export function listPrices(pattern: string, flags: ListFlags, host: Host): void {
  const { version, vendoredOn, providers } = loadPriceTable();
  const nowMs = Date.now();
  const known =
    flags.all === true
      ? providers.flatMap(({ id, models }) =>
          models.map((model) => tableLine(id, model.id, tableRates(pricesNow(model, nowMs)))),
        )
      : configuredProviders(loadFor(host, flags, false)).flatMap((each) => linesOf(each, nowMs));
  const lines = known.filter(({ model }) => matchesPattern(pattern, model) || model.includes("*"));
  if (lines.length === 0) host.exitCode = exitCodes.failed;
  if (flags.json === true) {
    host.stdout.write(`${JSON.stringify(lines)}\n`);
    return;
  }
  const head = ["PROVIDER", "MODEL", "INPUT", "OUTPUT", "CACHE READ", "CACHE WRITE", "FROM"];
  const rows = lines.map((line) => [
    line.provider,
    line.model,
    line.input,
    line.output,
    line.cacheRead,
    line.cacheWrite,
    line.from,
  ]);
  const right = [false, false, true, true, true, true, false];
  host.stdout.write(tableText([head, ...rows], right));
  host.stdout.write(`\nUSD per million tokens · table ${version}, taken on ${vendoredOn}\n`);
}

function linesOf(provider: ProviderConfig, nowMs: number): PriceLine[] {
  const own = Object.entries(provider.prices).map(([model, price]): PriceLine => {
    const line = { provider: provider.name, model, from: "weir.yaml" } as const;
    return Object.assign(overrideRates(price), line);
  });
  const patterns = Object.keys(provider.prices);
  const models = findTableProvider(provider.baseUrl)?.models ?? [];
  return models
    .filter(({ id }) => !patterns.some((pattern) => matchesPattern(pattern, id)))
    .map((model) => tableLine(provider.name, model.id, tableRates(pricesNow(model, nowMs))))
    .toSpliced(0, 0, ...own);
}

function tableLine(provider: string, model: string, rates: MainRates): PriceLine {
  return { provider, model, from: "table", ...rates };
}

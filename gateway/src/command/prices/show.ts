import { overrideVersion } from "../../prices/override-cost.ts";
import { loadPriceTable } from "../../prices/price-table.ts";
import { findPrice, type PriceSource } from "../../prices/pricer.ts";
import { exitCodes } from "../../supervisor/fault.ts";
import { loadFor } from "../config-options.ts";
import type { Host } from "../host.ts";
import type { PriceFlags } from "../prices-command.ts";
import { configuredProviders } from "./configured-providers.ts";

/** Prints what a model costs and why; without a price, what to put into weir.yaml. */
export function showPrice(provider: string, model: string, flags: PriceFlags, host: Host): void {
  const providers = configuredProviders(loadFor(host, flags, false));
  const isKnown = providers.some(({ name }) => name === provider);
  const source = findPrice(providers, provider, model);
  const description = describe(source);
  if (description === null) host.exitCode = exitCodes.failed;
  if (flags.json === true) {
    host.stdout.write(`${JSON.stringify({ provider, model, price: description })}\n`);
    return;
  }
  if (description === null) {
    const names = providers.map(({ name }) => name).join(", ");
    const reason = isKnown ? "neither weir.yaml nor the table has it" : `providers: ${names}`;
    host.stdout.write(`${provider} ${model} has no price (${reason})\n`);
    if (isKnown) host.stdout.write(`\n${pasteText(provider, model)}`);
    return;
  }
  for (const [name, value] of Object.entries(description)) {
    const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
    host.stdout.write(`${name.padEnd(10)} ${text.replaceAll("\n", `\n${" ".repeat(11)}`)}\n`);
  }
}

function describe(source: PriceSource): Record<string, unknown> | null {
  if (source.from === "nowhere") return null;
  if (source.from === "weir.yaml") {
    const { pattern, override } = source;
    return { from: "weir.yaml", version: overrideVersion(override), pattern, prices: override };
  }
  const { provider, model } = source.entry;
  const { version, vendoredOn } = loadPriceTable();
  return {
    from: "the public table",
    version: `${version}, taken on ${vendoredOn}`,
    entry: `${provider.id}/${model.id}`,
    prices: model.prices,
    ...(model.price_comments === undefined ? {} : { comment: model.price_comments }),
    source: (provider.pricing_urls ?? []).join("\n"),
  };
}

/** The lines of weir.yaml that give a model a price, once filled in. */
export function pasteText(provider: string, model: string): string {
  return `Give it one in weir.yaml, at its provider, in USD per million tokens:

providers:
  - name: ${provider}
    prices:
      ${JSON.stringify(model)}: { input: …, output: … }

or { gpuSecond: … } for a model on hardware of your own, or { free: true }.
`;
}

import type { UnpricedModel } from "@weir/gateway/contracts";

/**
 * Lines for weir.yaml that give models a price. What is to be filled in is no number, so that
 * Weir refuses to start with it rather than price calls at nothing.
 */
export function priceLines(models: readonly UnpricedModel[]): string {
  const byProvider = Map.groupBy(models, ({ provider }) => provider);
  const blocks = [...byProvider].map(([provider, own]) => {
    const prices = own.map(
      ({ model }) => `      ${JSON.stringify(model)}: { input: …, output: … }`,
    );
    return `  - name: ${provider}\n    prices:\n${prices.join("\n")}\n`;
  });
  return `providers:\n${blocks.join("")}`;
}

/** The command that gives calls on record a cost, over the UTC days of the models. */
export function recomputeCommand(models: readonly UnpricedModel[]): string {
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  const from = day(Math.min(...models.map(({ firstSeenMs }) => firstSeenMs)));
  const to = day(Math.max(...models.map(({ lastSeenMs }) => lastSeenMs)));
  return `npm run weir -- prices recompute --from ${from} --to ${to} --yes`;
}

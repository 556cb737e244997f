import { loadFor } from "../config-options.ts";
import type { Host } from "../host.ts";
import type { UnpricedFlags } from "../prices-command.ts";
import { withPriceDesk } from "./price-desk.ts";
import { pasteText } from "./show.ts";
import { tableText } from "./table-text.ts";

/** Prints the models whose calls have no cost, and how to give them one. */
export async function listUnpriced(flags: UnpricedFlags, host: Host): Promise<void> {
  const { from, to } = flags;
  const range = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  const config = loadFor(host, flags, false);
  const { models } = await withPriceDesk({ config, env: host.env }, (desk) =>
    desk.unpricedModels(range),
  );
  if (flags.json === true) {
    host.stdout.write(`${JSON.stringify(models)}\n`);
    return;
  }
  const [first] = models;
  if (first === undefined) {
    host.stdout.write("every billed call on record has a cost\n");
    return;
  }
  const head = ["PROVIDER", "MODEL", "CALLS", "TOKENS", "FIRST", "LAST", ""];
  const rows = models.map((each) => [
    each.provider,
    each.model,
    String(each.calls),
    String(each.tokens),
    dayOf(each.firstSeenMs),
    dayOf(each.lastSeenMs),
    each.hasPriceNow ? "has a price now: recompute" : "",
  ]);
  const right = [false, false, true, true, false, false, false];
  host.stdout.write(tableText([head, ...rows], right));
  const needy = models.find(({ hasPriceNow }) => !hasPriceNow);
  if (needy !== undefined) host.stdout.write(`\n${pasteText(needy.provider, needy.model)}`);
}

function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

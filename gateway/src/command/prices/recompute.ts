import type { RecomputeProgress } from "../../contracts/api/prices.ts";
import { overridesDigest } from "../../prices/overrides-digest.ts";
import { exitCodes, StartFault } from "../../supervisor/fault.ts";
import { loadFor } from "../config-options.ts";
import type { Host } from "../host.ts";
import type { RecomputeFlags } from "../prices-command.ts";
import { withPriceDesk } from "./price-desk.ts";
import { tableText, usdText } from "./table-text.ts";

/** Recomputes the prices of the days, telling progress day by day on standard error. */
export async function recomputePrices(flags: RecomputeFlags, host: Host): Promise<void> {
  const { from, to } = flags;
  const dryRun = flags.dryRun === true || flags.yes !== true;
  const config = loadFor(host, flags, false);
  const overrides = overridesDigest(config.providers);
  const done = await withPriceDesk({ config, env: host.env }, async (desk) => {
    let last: RecomputeProgress | undefined;
    for await (const step of desk.recompute({ from, to, dryRun, overrides })) {
      if (last !== undefined && (step.day !== last.day || step.finished)) tell(last, host);
      last = step;
    }
    return last;
  });
  if (done?.finished !== true) throw brokenOff();
  const isUntold = flags.dryRun !== true && dryRun && done.changed > 0;
  host.stdout.write(
    flags.json === true ? `${JSON.stringify({ ...done, dryRun })}\n` : summary(flags, done, dryRun),
  );
  if (isUntold) host.stderr.write("weir: nothing was written: add --yes to write.\n");
}

function tell({ day, calls, changed }: RecomputeProgress, host: Host): void {
  host.stderr.write(
    `${day}  ${calls} calls looked at so far, ${changed} cost something else now\n`,
  );
}

function summary({ from, to }: RecomputeFlags, done: RecomputeProgress, dryRun: boolean): string {
  const rows = [
    ["calls looked at", String(done.calls), `of ${from} to ${to}, UTC`],
    [dryRun ? "would change" : "changed", String(done.changed), ""],
    ["cost before", usdText(done.oldMicroUsd), ""],
    [dryRun ? "cost then" : "cost now", usdText(done.newMicroUsd), ""],
    ["without a price", String(done.stillUnpriced), "see weir prices unpriced"],
  ];
  if (done.leftAlone > 0) {
    rows.push(["left alone", String(done.leftAlone), "their provider is not in the configuration"]);
  }
  return tableText(rows, [false, true, false]);
}

function brokenOff(): StartFault {
  return new StartFault({
    code: "WEIR_RECOMPUTE_BROKEN_OFF",
    cause: "the recomputation ended before its last day",
    remedy: "Run the command once more: what is done stays done, and nothing is done twice.",
    exitCode: exitCodes.failed,
  });
}

import type { StopView } from "../../contracts/api/stops.ts";
import { listStops } from "../../control/stops/list-stops.ts";
import { loadFor } from "../config-options.ts";
import type { Host } from "../host.ts";
import { withControlStore } from "../open-control-store.ts";
import type { StopListFlags } from "../stop-command.ts";
import { stopText } from "./stop-text.ts";

/** Lists stops, whether or not their Weir is running. */
export async function listAllStops(flags: StopListFlags, host: Host): Promise<void> {
  const config = loadFor(host, flags, false);
  const stops = await withControlStore({ config, env: host.env }, (context) =>
    listStops(context, { withLifted: flags.all === true }),
  );
  if (flags.json === true) host.stdout.write(`${JSON.stringify(stops)}\n`);
  else if (stops.length === 0) host.stdout.write("nothing is stopped\n");
  else host.stdout.write(stops.map(lineOf).join(""));
}

function lineOf(stop: StopView): string {
  const { id, setAtMs, setBy, reason, liftedAtMs, liftedBy, liftReason } = stop;
  const set = `since ${minuteOf(setAtMs)} by ${setBy}: ${shown(reason)}`;
  const lifted =
    liftedAtMs === null
      ? ""
      : `  lifted ${minuteOf(liftedAtMs)} by ${liftedBy ?? ""}: ${shown(liftReason ?? "")}`;
  return `${id}  ${stopText(stop)}  ${set}${lifted}\n`;
}

/** A reason is anybody's words: nothing in it moves a terminal's cursor. */
function shown(reason: string): string {
  return reason.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
}

function minuteOf(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16)}Z`;
}

import { liftStop } from "../../control/stops/lift-stop.ts";
import { loadFor } from "../config-options.ts";
import type { Host } from "../host.ts";
import { withControlStore } from "../open-control-store.ts";
import type { StopFlags } from "../stop-command.ts";
import { requiredReason } from "./set.ts";
import { stopText } from "./stop-text.ts";

/** Lifts anybody's stop, whether or not their Weir is running. */
export async function liftIt(id: string, flags: StopFlags, host: Host): Promise<void> {
  const config = loadFor(host, flags, false);
  const reason = requiredReason(flags);
  const stop = await withControlStore({ config, env: host.env }, (context) =>
    liftStop(context, { stopId: id, reason }),
  );
  host.stdout.write(`lifted the stop of ${stopText(stop)}\n`);
}

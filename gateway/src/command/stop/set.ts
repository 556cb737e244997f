import { Value } from "typebox/value";
import { type StopKind, StopReason } from "../../contracts/stop.ts";
import { ControlError } from "../../control/errors.ts";
import { setStop } from "../../control/stops/set-stop.ts";
import { findRunning } from "../../supervisor/running.ts";
import { loadFor } from "../config-options.ts";
import type { Host } from "../host.ts";
import { withControlStore } from "../open-control-store.ts";
import type { StopFlags } from "../stop-command.ts";
import { stopText } from "./stop-text.ts";

/** Stops something, whether or not its Weir is running. */
export async function stopIt(
  kind: StopKind,
  target: string,
  flags: StopFlags,
  host: Host,
): Promise<void> {
  const config = loadFor(host, flags, false);
  const reason = requiredReason(flags);
  const stop = await withControlStore({ config, env: host.env }, (context) =>
    setStop(context, { kind, target, reason }),
  );
  if (flags.json === true) {
    host.stdout.write(`${JSON.stringify(stop)}\n`);
    return;
  }
  host.stdout.write(`stopped ${stopText(stop)}  ${stop.id}\n`);
  if (config.control.databaseUrl === "" && (await findRunning(config.dataDir)) === null)
    host.stderr.write("weir: no Weir runs on this data directory: it holds from its next start\n");
}

/** @throws ControlError WEIR_INVALID_REQUEST */
export function requiredReason({ reason = "" }: Pick<StopFlags, "reason">): string {
  if (Value.Check(StopReason, reason)) return reason;
  throw new ControlError("WEIR_INVALID_REQUEST", "Say why, in --reason: 1 to 500 characters.");
}

import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ControlContext } from "../control/store/change.ts";
import { openStore } from "../control/store/open-store.ts";
import type { Config } from "../config/schema.ts";
import { exitCodes, StartFault } from "../supervisor/fault.ts";

/** Works on the control store of a data directory, whether or not its Weir is running. */
export async function withControlStore<T>(
  config: Pick<Config, "dataDir">,
  work: (context: ControlContext) => Promise<T>,
): Promise<T> {
  const path = join(config.dataDir, "control.db");
  if (!existsSync(path)) {
    throw new StartFault({
      code: "WEIR_NO_DATA",
      cause: `there are no keys yet in ${config.dataDir}: no Weir has run there`,
      remedy: "Run `weir start` once, or name another directory with --data-dir.",
      exitCode: exitCodes.failed,
    });
  }
  const store = await openStore(path);
  try {
    return await work({ store, actor: "command-line", now: Date.now, randomBytes });
  } finally {
    await store.destroy();
  }
}

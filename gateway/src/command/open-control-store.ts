import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ControlContext } from "../control/store/change.ts";
import { openStore } from "../control/store/open-store.ts";
import { storeTarget } from "../control/store/store-kind.ts";
import { readDatabaseUrl } from "../config/database-url.ts";
import type { Config } from "../config/schema.ts";
import { exitCodes, StartFault } from "../supervisor/fault.ts";
import type { Host } from "./host.ts";

/** Whose data a command works on; the environment may hold the URL of its control store. */
export interface DataOwner {
  readonly config: Config;
  readonly env: Host["env"];
}

/** Works on the control store, whether or not its Weir is running. @throws StartFault, StoreError */
export async function withControlStore<T>(
  owner: DataOwner,
  work: (context: ControlContext) => Promise<T>,
): Promise<T> {
  requireData(owner, "keys");
  const { config, env } = owner;
  const store = await openStore(storeTarget(config.dataDir, readDatabaseUrl(config, env)));
  try {
    return await work({ store, actor: "command-line", now: Date.now, randomBytes });
  } finally {
    await store.destroy();
  }
}

/** @throws StartFault when no Weir has run on this data directory or this database. */
export function requireData({ config, env }: DataOwner, what: "keys" | "calls" | "ledger"): void {
  const { dataDir } = config;
  if (readDatabaseUrl(config, env) !== "" || existsSync(join(dataDir, "control.db"))) return;
  const missing = what === "ledger" ? "is no ledger" : `are no ${what}`;
  throw new StartFault({
    code: "WEIR_NO_DATA",
    cause: `there ${missing} yet in ${dataDir}: no Weir has run there`,
    remedy: "Run `weir start` once, or name another directory with --data-dir.",
    exitCode: exitCodes.failed,
  });
}

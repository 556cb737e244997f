import type { ClickHouseClient } from "@clickhouse/client";
import type { Logger } from "pino";
import type { Config } from "../../config/schema.ts";
import type { ControlContext } from "../store/change.ts";

/** What work on the ledger as a whole needs: of a running control, or of a command while none runs. */
export interface LedgerHost {
  readonly config: Config;
  /** Absolute path of the data directory. */
  readonly dataDir: string;
  readonly client: ClickHouseClient;
  /** Store, clock, and who has asked for the work. */
  readonly context: ControlContext;
  readonly log: Logger;
  /** Ships everything that is in the spools now. @throws the first failure. */
  readonly shipNow: () => Promise<void>;
  /** Does the work while nothing is shipped; what is recorded meanwhile waits in the spools. */
  readonly whilePaused: <T>(work: () => Promise<T>) => Promise<T>;
}

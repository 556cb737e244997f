import type { ClickHouseClient } from "@clickhouse/client";
import type { Logger } from "pino";
import type { Config } from "../../config/schema.ts";
import type { AccessEvent } from "../../contracts/audit-event.ts";
import type { ControlContext } from "../store/change.ts";
import type { DecideView } from "../views/view.ts";

/** What work on the ledger as a whole needs: of a running control, or of a command while none runs. */
export interface LedgerHost {
  readonly config: Config;
  /** Absolute path of the data directory. */
  readonly dataDir: string;
  readonly client: ClickHouseClient;
  /** Store, clock, and who has asked for the work. */
  readonly context: ControlContext;
  readonly log: Logger;
  /**
   * Resolves once the access is on record, and only then may the data be handed out.
   *
   * @throws ControlError WEIR_AUDIT_UNAVAILABLE: the data must not be handed out.
   */
  readonly recordAccess: (event: AccessEvent) => Promise<void>;
  readonly decideView: DecideView;
  /** Ships everything that has been recorded so far, changes too. @throws the first failure. */
  readonly shipNow: () => Promise<void>;
  /** Does the work while nothing is shipped; what is recorded meanwhile waits in the spools. */
  readonly whilePaused: <T>(work: () => Promise<T>) => Promise<T>;
}

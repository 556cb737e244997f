import type { Config, ProviderDialect } from "../config/schema.ts";
import type { Spool } from "../ledger/spool/open-spool.ts";
import type { ContentKeeper } from "./content/content-keeper.ts";
import type { Authorities } from "./authenticate/authenticate.ts";
import type { Estimator } from "./estimate/create-estimator.ts";
import type { Ending, Exchange } from "./exchange.ts";
import type { FlowStore } from "./flow/flow-store.ts";
import type { ToolGate } from "./govern/tool-gate.ts";
import type { KeyUseNotes } from "./key-use.ts";
import type { Capacity } from "./limit/admit.ts";
import type { BudgetGate } from "./limit/budget-gate.ts";
import type { Pricer } from "../prices/pricer.ts";
import type { Stage } from "./observe/stages.ts";
import type { RandomBytes } from "./observe/trace-context.ts";
import type { OwedBills } from "./meter/owed-bills.ts";
import type { SharedRoom } from "./receive/room.ts";
import type { Router } from "./route/router.ts";
import type { ActiveSnapshot } from "./snapshot/active-snapshot.ts";
import type { SessionLimits } from "./govern-limits/session-limits.ts";
import type { LiveStops } from "./stop/live-stops.ts";
import type { Translation } from "./translation.ts";

/** What a proxy worker lends to each call. */
export interface PipelineContext {
  snapshot(): ActiveSnapshot;
  /** Null = no issuer of tokens is configured. */
  readonly tokens: Authorities["tokens"];
  /** Null = client certificates are not asked for. */
  readonly certificates: Authorities["certificates"];
  /** Where the values of arguments come from; null = it is not looked at. */
  readonly flow: Pick<FlowStore, "observeConversation"> | null;
  /** Who acts in a session; null = it is not counted. */
  readonly sessionLimits: Pick<SessionLimits, "noteAgent"> | null;
  readonly stops: Pick<LiveStops, "enter" | "findForTool" | "pause">;
  readonly keyUse: Pick<KeyUseNotes, "used"> | null;
  /** Decides every tool call, wherever Weir sees it. */
  readonly toolGate: ToolGate;
  readonly capacity: Capacity;
  readonly budgetGate: Pick<BudgetGate, "reserve">;
  readonly router: Router;
  readonly pricer: Pricer;
  readonly estimator: Estimator;
  readonly owed: OwedBills;
  readonly spool: Pick<Spool, "append" | "appendSoon">;
  /** Null = what is said in calls is not kept, the default. */
  readonly content: ContentKeeper | null;
  readonly limits: Config["limits"];
  /** As clients reach the gateway. */
  readonly scheme: "http" | "https";
  readonly routing: Config["routing"];
  readonly metering: Config["metering"];
  readonly bodyRoom: SharedRoom;
  readonly clock: {
    nowMs: () => number;
    monotonicMs: () => number;
    newId: () => string;
    /** In [0, 1). */
    random: () => number;
    randomBytes: RandomBytes;
    /** Resolves after so long, or at once when the signal aborts. */
    sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  };
  /** Null when the operation cannot be carried over to a provider of this dialect. */
  translationFor(operationId: string, to: ProviderDialect): Translation | null;
  /** Told of every finished call and of what must reach the operator's log. */
  readonly observer: {
    finished(exchange: Exchange, ending: Ending): void;
    passed(stage: Stage, ms: number): void;
    failed(message: string, exchange: Exchange, error: unknown): void;
  };
}

import type { Authority } from "../../budget/protocol.ts";
import type { Config } from "../../config/schema.ts";
import type { Budget } from "../../contracts/budget.ts";
import type { CallEvent, DecisionEvent } from "../../contracts/call-event.ts";
import type { PolicyResult } from "../../contracts/decision.ts";
import type { PolicyInput } from "../../contracts/policy-input.ts";
import type { SnapshotKey } from "../../contracts/snapshot.ts";
import type { NewPause } from "../../contracts/stop.ts";
import type { Pricer } from "../../prices/pricer.ts";
import type { TlsListener } from "../tls/tls-listener.ts";
import type { PipelineContext } from "../pipeline-context.ts";
import type { ClientTimeouts } from "../server.ts";
import type { ActiveDirectory, ActiveSnapshot } from "../snapshot/active-snapshot.ts";
import type { SocketBounds } from "../websocket/bounds.ts";

/** What a test may have otherwise than the data plane of `start-test-proxy.ts` has it. */
export interface TestProxyOptions {
  upstreamUrl: string;
  policy?: PolicyResult | ((input: PolicyInput) => PolicyResult);
  limits?: Partial<Config["limits"]>;
  routing?: Partial<Config["routing"]>;
  metering?: Partial<Config["metering"]>;
  aliases?: Config["aliases"];
  /** In place of one provider, `test`, of every dialect. */
  providers?: Config["providers"];
  denialStyle?: "error" | "soft";
  /** What the test's key is narrowed to. */
  key?: Pick<SnapshotKey, "scopes" | "models" | "secretId">;
  tokens?: PipelineContext["tokens"];
  certificates?: PipelineContext["certificates"];
  tls?: TlsListener;
  keyUse?: PipelineContext["keyUse"];
  directory?: ActiveDirectory;
  delegation?: () => ActiveSnapshot["delegation"];
  /** Awaited before a call's row counts as recorded; may throw. */
  beforeRecord?: (event: CallEvent) => Promise<void>;
  /** Awaited before a decision is in the spool, the first time that it is handed in; may throw. */
  beforeDecision?: (event: DecisionEvent) => Promise<void>;
  hasRoom?: () => boolean;
  content?: Config["ledger"]["content"];
  maxBodyBytesInMemory?: number;
  pricer?: Pricer;
  /** Whether the proxy has seen any snapshot yet. */
  hasSnapshot?: () => boolean;
  /** Whether the test's key still stands in the snapshot. */
  isKeyValid?: () => boolean;
  socketBounds?: Partial<SocketBounds>;
  clientTimeouts?: ClientTimeouts;
  /** In place of parts of the real clock. */
  clock?: Partial<PipelineContext["clock"]>;
  onFinished?: PipelineContext["observer"]["finished"];
  onPassed?: PipelineContext["observer"]["passed"];
  /** What control says of a pause that the proxy made by itself. */
  onPause?: (pause: NewPause) => Promise<string>;
  flow?: PipelineContext["flow"];
  sessionLimits?: PipelineContext["sessionLimits"];
  toolGate?: PipelineContext["toolGate"];
  budgets?: readonly Budget[];
  /** In place of counters of its own. */
  authority?: Authority;
}

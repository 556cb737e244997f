/** One proxy worker: the composition of the data plane. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Registry } from "prom-client";
import type { Config } from "../config/schema.ts";
import { certificateIssuer } from "../config/tls-schema.ts";
import { openSpool } from "../ledger/spool/open-spool.ts";
import { CertificateAuthority } from "./authenticate/certificates/certificate-authority.ts";
import { limitedGate, toolDenial } from "./govern-limits/limited-gate.ts";
import { SessionLimits } from "./govern-limits/session-limits.ts";
import { openTokenAuthority } from "./authenticate/tokens/open-token-authority.ts";
import { CallCount } from "./call-count.ts";
import { newCallId } from "./call-id.ts";
import { drainable } from "./drain.ts";
import { openKeyUseReporter } from "./key-use.ts";
import { BudgetGate } from "./limit/budget-gate.ts";
import { Leases } from "../budget/leases.ts";
import { Keeper } from "../budget/keeper.ts";
import type { Authority } from "../budget/protocol.ts";
import { ByteBudget } from "./limit/byte-budget.ts";
import { listen } from "./listen.ts";
import { openUpstreams } from "./upstream.ts";
import { FlowStore } from "./flow/flow-store.ts";
import { snapshotDirectory } from "./flow/snapshot-directory.ts";
import { createToolGate, noFacts } from "./govern/create-tool-gate.ts";
import { createEstimator } from "./estimate/create-estimator.ts";
import { createRouter } from "./route/router.ts";
import { sleep } from "./sleep.ts";
import { translationFor } from "./translation.ts";
import { OwedBills } from "./meter/owed-bills.ts";
import { createPricer } from "../prices/pricer.ts";
import { createProxyMetrics } from "./metrics.ts";
import { createCallTelemetry, type TelemetrySource } from "./observe/call-telemetry.ts";
import { createObserver } from "./observe/create-observer.ts";
import { pooledRandom } from "./observe/pooled-random.ts";
import { openContentKeeper } from "./content/open-content-keeper.ts";
import type { PipelineContext } from "./pipeline-context.ts";
import { createProxyServer } from "./server.ts";
import { readTlsFiles } from "./tls/read-tls-files.ts";
import { TlsListener } from "./tls/tls-listener.ts";
import { LiveStops } from "./stop/live-stops.ts";
import { openPauseReporter } from "./stop/report-pause.ts";
import { OpenSockets } from "./websocket/open-sockets.ts";
import { followSnapshots } from "./snapshot/follow.ts";

/** Each call may hold a body and a connection: more at once would only make all of them slow. */
const MAX_CALLS_IN_FLIGHT = 2_048;

/** Request bodies of all calls together. */
const MAX_BODY_BYTES_IN_MEMORY = 512 * 1024 * 1024;

/** How soon the other workers may use what this one holds and does not need. */
const BUDGET_TICK_MS = 100;

export interface ProxyLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface ProxyOptions {
  config: Config;
  /** Provider name → API key. */
  secrets: ReadonlyMap<string, string>;
  /** Index of this worker; its spool keeps the name across restarts. */
  worker: number;
  controlUrl: string;
  controlToken: string;
  spoolRoot: string;
  snapshotDirectory: string;
  version: string;
  /** Share the port with other workers (SO_REUSEPORT). */
  reusePort: boolean;
  /** Keeps the counters of budgets; left out: this worker counts by itself. */
  keeper?: Authority;
  /** Left out: no telemetry. */
  telemetry?: TelemetrySource | null;
  log: ProxyLog;
}

export interface Proxy {
  readonly port: number;
  readonly url: string;
  readonly registry: Registry;
  /** Resolves once a snapshot is in force: before that every call is refused. */
  readonly ready: Promise<void>;
  /** Stops accepting, lets calls end up to `limits.shutdownGraceMs`, then closes the spool. */
  close(): Promise<void>;
}

/** @throws what listening or opening the spool throws, for example EADDRINUSE. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const { config, log } = options;
  const name = `proxy-${options.worker}`;
  const tls = await openTls(config, log);
  const isTls = tls !== null;
  const spool = await openSpool({
    directory: join(options.spoolRoot, name),
    spoolId: name,
    ...config.ledger,
    now: Date.now,
    onError: (err) => log.error({ err }, "the spool reports damage or a failed commit"),
  });
  const calls = new CallCount();
  const state = { draining: false };
  const upstreams = openUpstreams(config, options.secrets, MAX_CALLS_IN_FLIGHT);
  const router = createRouter(config, upstreams.all, Math.random);
  const metrics = createProxyMetrics({
    spool: () => spool.status(),
    callsInFlight: () => calls.inFlight,
    upstreamsInFlight: () => router.inFlight(),
    openBreakers: () => router.openGates(),
  });
  const estimator = createEstimator({ onResult: (result) => metrics.estimated(result) });
  const sessionLimits = new SessionLimits({ settings: config.governance, nowMs: Date.now });
  const { informationFlow } = config.governance;
  const flow = informationFlow.enabled ? new FlowStore(randomBytes) : null;
  const pauses = openPauseReporter(options);
  const stops = new LiveStops({ nowMs: Date.now, report: pauses.report });
  const snapshots = followSnapshots({
    onStops: (book) => stops.setBook(book),
    onSnapshot: (snapshot) => flow?.setDirectory(snapshotDirectory(snapshot, informationFlow)),
    controlUrl: options.controlUrl,
    controlToken: options.controlToken,
    directory: options.snapshotDirectory,
    fileName: `${name}.json`,
    log,
  });
  const tokens = openTokenAuthority({
    identity: config.identity,
    directory: options.snapshotDirectory,
    name,
    nowMs: Date.now,
    onCheck: (check) => metrics.tokenChecked(check),
    onFetched: (issuer, result) => metrics.issuerKeysFetched(issuer, result),
    warn: (fields, message) => log.warn(fields, message),
  });
  const keyUse = openKeyUseReporter({
    controlUrl: options.controlUrl,
    controlToken: options.controlToken,
    warn: (fields, message) => log.warn(fields, message),
  });
  const leases = new Leases(options.keeper ?? lonelyKeeper());
  const ticking = setInterval(() => leases.tick(Date.now()), BUDGET_TICK_MS);
  const context: PipelineContext = {
    tokens: tokens?.authority ?? null,
    certificates: certificatesOf(config),
    keyUse: keyUse.notes,
    budgetGate: new BudgetGate({
      leases,
      now: Date.now,
      sleep: (ms) => sleep(ms, new AbortController().signal),
      onWarning: ({ id }) => {
        metrics.budgetWarned(id);
        log.warn({ budget: id }, "a soft budget is exceeded");
      },
      onRefusal: ({ id }) => metrics.budgetRefused(id),
    }),
    toolGate: limitedGate({
      gate: createToolGate({
        policy: () => snapshots.current().policy,
        spool,
        clock: { nowMs: Date.now, monotonicMs: () => performance.now(), newId: newCallId },
        factsOf: ({ principal, sessionId }, _asked, args) =>
          flow === null
            ? noFacts
            : { ...noFacts, ...flow.factsOf({ principalId: principal.id, sessionId }, args) },
        refusalOf: () => null,
        onError: (err) => log.error({ err }, "a tool call could not be decided or recorded"),
      }),
      limits: sessionLimits,
      stops,
      newId: newCallId,
      record: ({ decision }, caller, asked) =>
        spool.append({ type: "decision", event: toolDenial(decision, caller, asked, Date.now()) }),
      onError: (message, err) => log.error({ err }, message),
    }),
    flow,
    sessionLimits,
    stops,
    snapshot: () => snapshots.current(),
    capacity: {
      hasRoom: () => spool.hasRoom(),
      // The call that asks is counted from the moment its first stage gives way.
      get callsInFlight() {
        return calls.inFlight;
      },
      maxCallsInFlight: MAX_CALLS_IN_FLIGHT,
      get draining() {
        return state.draining;
      },
    },
    router,
    pricer: createPricer(config.providers),
    estimator,
    owed: new OwedBills(),
    spool,
    content: await openContentKeeper(config.ledger.content),
    limits: config.limits,
    scheme: isTls || config.gateway.behindTlsProxy ? "https" : "http",
    routing: config.routing,
    metering: config.metering,
    bodyRoom: new ByteBudget(MAX_BODY_BYTES_IN_MEMORY),
    clock: {
      nowMs: Date.now,
      monotonicMs: () => performance.now(),
      newId: newCallId,
      random: Math.random,
      randomBytes: pooledRandom(),
      sleep,
    },
    translationFor,
    observer: createObserver({
      metrics,
      telemetry: options.telemetry ? createCallTelemetry(options.telemetry) : null,
      upstreams: upstreams.all,
      monotonicMs: () => performance.now(),
      failed: (message, exchange, err) => log.error({ err, callId: exchange.id }, message),
    }),
  };
  const probe = {
    version: options.version,
    notReady: () => {
      if (state.draining) return "draining";
      return snapshots.current().version === "" ? "no snapshot" : null;
    },
  };
  const sockets = new OpenSockets();
  const server = createProxyServer(context, probe, calls, sockets, undefined, tls);
  const drain = drainable(server, sockets);
  const { port } = await listen(server, { ...config.gateway, reusePort: options.reusePort });
  return {
    port,
    url: `${isTls ? "https" : "http"}://${hostInUrl(config.gateway.host)}:${port}`,
    registry: metrics.registry,
    ready: snapshots.first,
    close: async () => {
      state.draining = true;
      await drain(config.limits.shutdownGraceMs);
      await calls.idle();
      clearInterval(ticking);
      await leases.flush();
      await snapshots.stop();
      await tokens?.stop();
      await keyUse.stop();
      tls?.stop();
      await pauses.stop();
      await upstreams.close();
      await estimator.close();
      await spool.close();
    },
  };
}

/** @throws TlsFileError */
async function openTls({ gateway }: Config, log: ProxyLog): Promise<TlsListener | null> {
  if (gateway.tls === undefined) return null;
  return new TlsListener(gateway.tls, await readTlsFiles(gateway.tls), log);
}

function certificatesOf({ gateway, identity }: Config): CertificateAuthority | null {
  if (gateway.tls?.clientCaFile === undefined) return null;
  const services = identity.services.filter(({ issuer }) => issuer === certificateIssuer);
  const bySubject = new Map(services.map((each) => [each.subject, each]));
  return new CertificateAuthority(bySubject, gateway.tls.clientCommonName);
}

/** One worker alone shares its counters with nobody. */
function lonelyKeeper(): Authority {
  const keeper = new Keeper(Date.now);
  return { exchange: async (message) => keeper.exchange("alone", message) };
}

function hostInUrl(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

import { randomBytes } from "node:crypto";
import { join, resolve } from "node:path";
import { compilerIdentity } from "@weir/policies/compiler";
import { defaultEntrypoints, readPolicyDirectory, starterDirectory } from "@weir/policies/starter";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { isContentKept } from "../config/content-rule.ts";
import type { Config } from "../config/schema.ts";
import { isLoopbackAddress } from "../identity/host-check.ts";
import { readOwnAccesses } from "../insight/own-accesses.ts";
import { readOwnDecision, readOwnDecisions } from "../insight/own-decisions.ts";
import { readOwnUsage } from "../insight/own-usage.ts";
import type { Readiness } from "../shell/health.ts";
import { createMetricsRegistry } from "../shell/metrics.ts";
import { type ControlAppDeps, createControlApp } from "./app.ts";
import { type BudgetDesk, createBudgetDesk } from "./budgets/desk.ts";
import { createTrail, type Trail } from "./audit/trail.ts";
import { createDelegationDesk, type DelegationDesk } from "./delegation/desk.ts";
import { namesOf } from "./directory/names.ts";
import { createLedgerLink } from "./ledger/connect.ts";
import type { LedgerLink } from "./ledger/link.ts";
import { type ControlMetrics, createControlMetrics } from "./metrics.ts";
import { openPendingNote } from "../prices/recompute/pending.ts";
import { recordPolicy } from "./policies/record-policy.ts";
import { keptPolicyFile } from "./policies/kept-policy.ts";
import { PolicyPublisher, type PolicyPublisherOptions } from "./policies/publisher.ts";
import { createPriceDesk, type PriceDesk } from "./prices.ts";
import { createRegoToolchain } from "./policies/rego-toolchain.ts";
import { scimRulesOf } from "./scim/scim-rules.ts";
import { consoleOrigin, createSignInSettings } from "./sign-in-settings.ts";
import { SnapshotPublisher } from "./snapshot/publisher.ts";
import type { ControlContext } from "./store/change.ts";
import type { Store } from "./store/open-store.ts";
import { StoreHealth } from "./store/store-health.ts";
import type { DecideView } from "./views/view.ts";
import { ViewPolicy } from "./views/view-policy.ts";

export interface ControlOptions {
  readonly config: Config;
  /** Absolute path; made when it does not exist. */
  readonly dataDir: string;
  /** Of the PostgreSQL that holds the store, maybe with a password; empty = SQLite in `dataDir`. */
  readonly databaseUrl?: string;
  /** The secret that proxies show to get the snapshot. */
  readonly controlToken: string;
  /** Folder of the built console. */
  readonly consoleDirectory: string;
  /** What to call the one person that exists when the configuration names nobody. */
  readonly ownerName: string;
  readonly version: string;
  /** Of Weir as a client of the identity provider; left out = it has none. */
  readonly clientSecret?: string | null;
  /** Of the identity provider that keeps the directory up to date; left out = there is none. */
  readonly scimToken?: string;
  readonly log: Logger;
  /** Unix milliseconds. */
  readonly now?: () => number;
}

function hostNamesOf({ console: listener, control, identity }: Config): readonly string[] | null {
  if (listener.behindTlsProxy || !isLoopbackAddress(listener.host)) return null;
  const named = [control.url, identity.consoleUrl].map((url) => URL.parse(url)?.hostname);
  return [listener.host, ...named.filter((name) => name !== undefined)];
}

function isSimulated({ simulator, providers }: Config): boolean {
  return simulator !== "off" && providers.every(({ name }) => name === "simulator");
}

function createPolicyPublisher(
  { config, dataDir, log }: ControlOptions,
  hooks: Pick<
    PolicyPublisherOptions,
    "now" | "onChange" | "onOutcome" | "record" | "assertRecordable"
  >,
): PolicyPublisher {
  const named = config.policies.directory;
  const directory = named === "" ? starterDirectory : resolve(named);
  return new PolicyPublisher({
    directory,
    read: () => readPolicyDirectory(directory),
    entrypoints: defaultEntrypoints,
    toolchain: createRegoToolchain(compilerIdentity()),
    keptPath: join(dataDir, keptPolicyFile),
    log,
    ...hooks,
  });
}

function createInsight(ledger: LedgerLink, context: ControlContext): ControlAppDeps["insight"] {
  const { store, now } = context;
  return {
    readOwnUsage: async (personId, query) =>
      readOwnUsage(await ledger.client(), { personId, query, nowMs: now() }),
    readOwnDecisions: async (personId, query) =>
      readOwnDecisions(await ledger.client(), { personId, query, nowMs: now() }),
    readOwnAccesses: async (personId, query) =>
      readOwnAccesses(await ledger.client(), {
        personId,
        query,
        nowMs: now(),
        namesOf: (ids) => namesOf(store, ids),
      }),
    readOwnDecision: async (personId, id) =>
      readOwnDecision(await ledger.client(), { personId, id }),
  };
}

export interface ControlParts {
  readonly context: ControlContext;
  readonly policies: PolicyPublisher;
  readonly publisher: SnapshotPublisher;
  readonly ledger: LedgerLink;
  readonly trail: Trail;
  readonly metrics: ControlMetrics;
  readonly prices: PriceDesk;
  readonly storeHealth: StoreHealth;
  readonly budgets: BudgetDesk;
  readonly delegation: DelegationDesk;
  readonly state: { gatewayUrl: string; consoleUrl: string; isClosing: boolean };
}

function readinessOf(parts: ControlParts): Readiness {
  const { policies, publisher, ledger, trail, state, storeHealth } = parts;
  const canServe = !state.isClosing && publisher.current !== null && policies.loaded !== null;
  if (!canServe || !storeHealth.isAnswering) return "unavailable";
  const { audit, outbox } = trail.status();
  const isRecording = audit.lastError === "" && outbox.isAccepting;
  return policies.status().problem === null && ledger.isOpen && isRecording ? "ready" : "degraded";
}

/** The app over the parts. */
export function createApp(options: ControlOptions, parts: ControlParts): Promise<FastifyInstance> {
  const { config, controlToken, consoleDirectory, version, log } = options;
  const { context, policies, publisher, ledger, trail, metrics, prices, budgets, state } = parts;
  const { store, now } = context;
  const viewPolicy = new ViewPolicy({ store, loaded: () => policies.loaded, now, log });
  const decideView: DecideView = (actor, question) => viewPolicy.decide(actor, question);
  return createControlApp({
    context,
    publisher,
    delegation: parts.delegation,
    views: { decideView, recordAccess: trail.recordAccess },
    controlToken,
    consoleDirectory,
    version,
    log,
    hostNames: hostNamesOf(config),
    scimToken: options.scimToken ?? "",
    scim: scimRulesOf(config),
    maxKeysPerPerson: config.identity.maxKeysPerPerson,
    signInSettings: createSignInSettings(config, {
      clientSecret: options.clientSecret ?? null,
      now: context.now,
      listensAt: () => state.consoleUrl,
    }),
    gatewayUrl: () => state.gatewayUrl,
    isSimulated: isSimulated(config),
    retentionDays: config.ledger.retentionDays,
    contentRetentionDays: (teamId) => {
      const { content } = config.ledger;
      return isContentKept(content, teamId) ? content.retentionDays : null;
    },
    insight: createInsight(ledger, context),
    prices,
    budgets,
    policyStatus: () => policies.status(),
    ledgerStatus: async () => ({ ...ledger.status(), ...trail.status() }),
    ledgerHost: async (actor) => {
      const { client, shipper } = await ledger.opened();
      return {
        config,
        dataDir: options.dataDir,
        client,
        context: { ...context, actor },
        log,
        recordAccess: trail.recordAccess,
        decideView,
        shipNow: async () => {
          await trail.publishChanges();
          await shipper.drain();
        },
        whilePaused: (work) => shipper.whilePaused(work),
      };
    },
    readiness: () => readinessOf(parts),
    onRequestDone: metrics.onRequestDone,
    onServerError: metrics.onServerError,
  });
}

/** Makes every part; nothing runs yet. */
export function createParts(options: ControlOptions, store: Store): ControlParts {
  const { config, dataDir, version, log, now = Date.now } = options;
  const storeHealth = new StoreHealth(log);
  const state = { gatewayUrl: "", consoleUrl: "", isClosing: false };
  const delegation = createDelegationDesk({
    identity: config.identity,
    context: { store, now, randomBytes },
    controlToken: options.controlToken,
    issuer: () => consoleOrigin(config) ?? state.consoleUrl,
    gatewayUrl: () => state.gatewayUrl,
  });
  const publisher = new SnapshotPublisher({
    store,
    policy: () => policies.loaded,
    withDirectory:
      config.identity.issuers.length > 0 || config.gateway.tls?.clientCaFile !== undefined,
    budgets: () => budgets.inForce(),
    delegation: () => delegation.inForce(),
    now,
    onError: storeHealth.failed,
    onLooked: storeHealth.answered,
  });
  const trail = createTrail({
    config,
    dataDir,
    store,
    now,
    randomBytes,
    log,
    whilePaused: (work) => ledger.whilePaused(work),
  });
  const { audit } = trail;
  const ledger: LedgerLink = createLedgerLink({ config, dataDir, now, log, audit });
  const metrics = createControlMetrics(createMetricsRegistry({ name: "control", version }), {
    isPolicyHealthy: () => policies.loaded !== null && policies.status().problem === null,
    keyCount: () => publisher.current?.snapshot.keys.length ?? 0,
    ledger: () => ledger.status(),
    trail: () => trail.status(),
  });
  const context = {
    store,
    actor: "weir" as const,
    now,
    randomBytes,
    assertRecordable: trail.assertRecordable,
  };
  const policies = createPolicyPublisher(options, {
    now,
    onChange: () => publisher.refresh(),
    onOutcome: metrics.onPolicyOutcome,
    record: (policy) => recordPolicy(context, policy),
    assertRecordable: context.assertRecordable,
  });
  const prices = createPriceDesk({
    config,
    client: () => ledger.client(),
    note: openPendingNote(dataDir),
    whilePaused: (work) => ledger.whilePaused(work),
    now,
  });
  const budgets = createBudgetDesk({ config, store, client: () => ledger.client(), now });
  return {
    context,
    budgets,
    policies,
    publisher,
    metrics,
    ledger,
    trail,
    prices,
    storeHealth,
    delegation,
    state,
  };
}

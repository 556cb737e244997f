import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import type { Registry } from "prom-client";
import { createLoginToken, loginUrl } from "../identity/login-link.ts";
import { planDirectory } from "./directory/plan.ts";
import { syncWhenRecordable } from "./directory/sync-when-recordable.ts";
import { ensureFirstKey } from "./keys/first-key.ts";
import { type ControlOptions, createApp, createParts } from "./parts.ts";
import { reconcilePeople } from "./scim/reconcile.ts";
import { scimRulesOf } from "./scim/scim-rules.ts";
import { areLinksAllowed } from "./sign-in-settings.ts";
import { openStore } from "./store/open-store.ts";
import { storeTarget } from "./store/store-kind.ts";

export type { ControlOptions } from "./parts.ts";

export interface Control {
  /** For example `http://127.0.0.1:7778`. */
  readonly consoleUrl: string;
  readonly port: number;
  readonly metrics: Registry;
  /** Tells the console what address to put into its snippets. */
  setGatewayUrl: (url: string) => void;
  /** The key to print at start; null once it has been revoked. */
  firstKey: () => Promise<{ key: string | null; created: boolean }>;
  /** A fresh one-time login link for the owner; the console's address where links are off. */
  loginUrl: () => Promise<string>;
  /** Answers what is under way, ships what is in the spool, and closes every store. */
  close: () => Promise<void>;
}

const pollIntervalMs = 200;
const drainMs = 10_000;
const idleCheckMs = 50;
const answerGraceMs = 5000;

/**
 * Starts the control plane: store and policy first, then the listener; ClickHouse joins when it
 * is open, and nothing waits for it.
 *
 * @throws {StoreError} and {ControlError} for a store or a directory of people that is unusable,
 *   and what listening throws, for example EADDRINUSE.
 */
export async function startControl(options: ControlOptions): Promise<Control> {
  const { config, dataDir, log } = options;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const parts = createParts(
    options,
    await openStore(storeTarget(dataDir, options.databaseUrl ?? "")),
  );
  const { context, policies, publisher, ledger, trail, metrics, prices, state } = parts;
  const plan = planDirectory(config, options.ownerName);
  const closing = new AbortController();
  let directory = { done: Promise.resolve() };
  let app: FastifyInstance | null = null;
  const close = async () => {
    state.isClosing = true;
    closing.abort();
    // Whoever waits comes first: the listener closes once all of them have been answered.
    ledger.refuseToWait();
    await publisher.stop();
    if (app !== null) await closeListener(app);
    await directory.done;
    await prices.idle();
    await policies.stop();
    // What cannot be published now is published at the next start.
    await trail.publishChanges().catch(() => undefined);
    await ledger.close(drainMs);
    await trail.close();
    await context.store.destroy();
  };
  try {
    await trail.start();
    const scim = scimRulesOf(config);
    directory = await syncWhenRecordable(context, plan, {
      signal: closing.signal,
      log,
      afterwards: async () => {
        if (scim !== null) await reconcilePeople(context, scim);
      },
    });
    await policies.start();
    await publisher.refresh();
    app = await createApp(options, parts);
    await app.listen({ host: config.console.host, port: config.console.port });
  } catch (error) {
    await close();
    throw error;
  }
  publisher.startPolling(pollIntervalMs);
  policies.watch();
  ledger.start();
  const port = portOf(app);
  const consoleUrl = `http://${hostInUrl(config.console.host)}:${port}`;
  state.consoleUrl = consoleUrl;
  return {
    consoleUrl,
    port,
    metrics: metrics.registry,
    setGatewayUrl: (url) => {
      state.gatewayUrl = url;
      // It is the audience of tokens, which proxies have to know; polling makes up for a failure.
      publisher.refresh().catch((err: unknown) => log.warn({ err }, "no new snapshot"));
    },
    firstKey: async () => {
      const path = join(dataDir, "first-key");
      const first = await ensureFirstKey(context, { path, personId: plan.ownerId });
      await publisher.refresh();
      return first;
    },
    loginUrl: async () =>
      !areLinksAllowed(config)
        ? config.identity.consoleUrl || consoleUrl
        : loginUrl(consoleUrl, await createLoginToken(context, { personId: plan.ownerId })),
    close,
  };
}

/** Lets answers under way end, for a while, and closes each connection as soon as it is idle. */
async function closeListener(app: FastifyInstance): Promise<void> {
  // Node closes connections that are idle now; one that becomes idle later would stay for its
  // keep-alive time of over a minute.
  const idle = setInterval(() => app.server.closeIdleConnections(), idleCheckMs);
  const late = setTimeout(() => app.server.closeAllConnections(), answerGraceMs);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
    clearTimeout(late);
  }
}

function portOf(app: FastifyInstance): number {
  const address = app.server.address();
  if (typeof address !== "object" || address === null) throw new Error("control does not listen");
  return address.port;
}

function hostInUrl(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

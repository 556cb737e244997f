import { randomBytes } from "node:crypto";
import { pino } from "pino";
import { createControlApp } from "./app.ts";
import { createDelegationDesk } from "./delegation/desk.ts";
import { SnapshotPublisher } from "./snapshot/publisher.ts";
import { openStore } from "./store/open-store.ts";

function refuse(): never {
  throw new Error("this app only describes itself");
}

/** The OpenAPI 3.1 document of the control plane as JSON text, from the routes' own schemas. */
export async function buildOpenApiDocument(): Promise<string> {
  const store = await openStore(":memory:");
  const context = { store, now: Date.now, randomBytes };
  const app = await createControlApp({
    context,
    publisher: new SnapshotPublisher({ ...context, policy: () => null, onError: refuse }),
    delegation: createDelegationDesk({
      identity: {
        delegation: { gatewayUrl: "", resources: [], tokenLifetimeMs: 1 },
        issuers: [],
        services: [],
      },
      context,
      controlToken: "",
      issuer: refuse,
      gatewayUrl: refuse,
    }),
    views: { decideView: refuse, recordAccess: refuse },
    controlToken: "",
    scimToken: "",
    scim: null,
    maxKeysPerPerson: 1,
    hostNames: [],
    signInSettings: {
      consoleUrl: refuse,
      isServedOverTls: false,
      contact: "",
      areLinksAllowed: true,
      limits: { idleMs: 1, absoluteMs: 1 },
      keyLifetimeMs: 1,
      oidc: null,
      signIn: refuse,
    },
    consoleDirectory: import.meta.dirname,
    log: pino({ enabled: false }),
    readiness: () => "unavailable",
    version: "",
    gatewayUrl: refuse,
    isSimulated: false,
    retentionDays: 1,
    contentRetentionDays: () => null,
    insight: {
      readOwnUsage: refuse,
      readOwnDecisions: refuse,
      readOwnDecision: refuse,
      readOwnAccesses: refuse,
    },
    prices: { unpricedModels: refuse, recompute: refuse, idle: refuse },
    budgets: { inForce: refuse, own: refuse, reports: refuse, spent: refuse, raise: refuse },
    policyStatus: refuse,
    ledgerStatus: refuse,
    ledgerHost: refuse,
  });
  await app.ready();
  const document = app.swagger();
  await app.close();
  await store.destroy();
  return `${JSON.stringify(document, null, 2)}\n`;
}

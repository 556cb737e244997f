import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { pino } from "pino";
import { Value } from "typebox/value";
import { complete } from "../../config/complete.ts";
import type { Identity } from "../../config/identity-schema.ts";
import { ConfigFile } from "../../config/schema.ts";
import { createLoginToken, redeemLoginToken } from "../../identity/login-link.ts";
import type { Config } from "../../config/schema.ts";
import { type ControlAppDeps, createControlApp } from "../app.ts";
import { createDelegationDesk } from "../delegation/desk.ts";
import { createBudgetDesk } from "../budgets/desk.ts";
import type { DirectoryPlan } from "../directory/plan.ts";
import { syncDirectory } from "../directory/sync.ts";
import { SnapshotPublisher } from "../snapshot/publisher.ts";
import type { ControlContext } from "../store/change.ts";
import { createSignInSettings, type SignInSettings } from "../sign-in-settings.ts";
import type { DecideView } from "../views/view.ts";
import { openStore, type Store } from "../store/open-store.ts";
import { createTestTarget } from "./test-store.ts";

export const controlToken = "a-control-token-for-tests";

export const testBudgets: Config["budgets"] = [
  {
    id: "each-month",
    by: "person",
    of: "*",
    unit: "usd",
    limit: 20,
    window: "month",
    timeZone: "Europe/Berlin",
    enforcement: "hard",
    lastCall: "may_overrun",
    contact: "ada",
  },
];

/** Two employees in two teams, one of them an admin. */
export const plan: DirectoryPlan = {
  teams: [
    {
      id: "alpha",
      costCenter: "cc-1",
      models: ["*"],
      tools: ["*"],
      unmeteredOperations: ["files.*"],
      maxTokens: null,
    },
    {
      id: "beta",
      costCenter: "cc-2",
      models: ["sim-*"],
      tools: [],
      unmeteredOperations: [],
      maxTokens: 1000,
    },
  ],
  people: [
    { id: "ada", name: "Ada", teamId: "alpha", roles: ["employee", "admin"] },
    { id: "bob", name: "Bob", teamId: "beta", roles: ["employee"] },
  ],
  ownerId: "ada",
};

/** As policies that say nothing of views. */
export const allowView: DecideView = () =>
  Promise.resolve({ isAllowed: true, ruleIds: [], message: "" });

export interface StoreFixture extends AsyncDisposable {
  readonly directory: string;
  /** For opening the same store once more. */
  readonly target: string;
  readonly store: Store;
  readonly clock: { nowMs: number };
  readonly context: ControlContext;
}

/** A store in a folder of its own, with the two people of `plan`, at a time that stands still. */
export async function createStoreFixture(): Promise<StoreFixture> {
  const directory = await mkdtemp(join(tmpdir(), "weir-control-"));
  const { target, remove } = await createTestTarget(directory);
  const store = await openStore(target);
  const clock = { nowMs: Date.UTC(2026, 10, 23, 12) };
  const context: ControlContext = {
    store,
    actor: "command-line",
    now: () => clock.nowMs,
    randomBytes,
  };
  await syncDirectory(context, plan);
  return {
    directory,
    target,
    store,
    clock,
    context,
    [Symbol.asyncDispose]: async () => {
      await store.destroy();
      await remove();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export interface ControlFixture extends StoreFixture {
  readonly app: FastifyInstance;
  readonly publisher: SnapshotPublisher;
  /** Every line logged so far. */
  readonly logged: string[];
  /** Signs a person in and returns the headers of a request by the console's own pages. */
  readonly signIn: (personId: string) => Promise<Record<string, string>>;
}

/** The whole app over a real store; only the questions to ClickHouse are answered by `deps`. */
export async function createControlFixture(
  deps: Partial<ControlAppDeps> = {},
  budgets: Config["budgets"] = testBudgets,
): Promise<ControlFixture> {
  const fixture = await createStoreFixture();
  const { store, context, clock } = fixture;
  const logged: string[] = [];
  const delegation = createDelegationDesk({
    identity: identityFor({}),
    context,
    controlToken,
    issuer: () => consoleOrigin,
    gatewayUrl: () => "http://127.0.0.1:7777",
  });
  const desk = deps.delegation ?? delegation;
  const publisher = new SnapshotPublisher({
    store,
    policy: () => null,
    delegation: () => desk.inForce(),
    now: () => clock.nowMs,
    onError: (error) => logged.push(String(error)),
  });
  await publisher.refresh();
  const app = await createControlApp({
    context,
    publisher,
    delegation,
    views: { decideView: allowView, recordAccess: () => Promise.resolve() },
    controlToken,
    scimToken: "",
    scim: null,
    hostNames: [],
    maxKeysPerPerson: 5,
    signInSettings: signInSettingsFor({}, clock),
    consoleDirectory: join(fixture.directory, "console"),
    log: pino({ level: "debug" }, { write: (line: string) => logged.push(line) }),
    readiness: () => "ready",
    version: "1.2.3",
    gatewayUrl: () => "http://127.0.0.1:7777",
    isSimulated: true,
    retentionDays: 14,
    contentRetentionDays: () => null,
    insight: {
      readOwnUsage: () => Promise.reject(new Error("no ledger in this test")),
      readOwnDecisions: () => Promise.reject(new Error("no ledger in this test")),
      readOwnDecision: () => Promise.resolve(null),
      readOwnAccesses: () => Promise.reject(new Error("no ledger in this test")),
    },
    budgets: createBudgetDesk({
      config: { budgets },
      store,
      client: () => Promise.reject(new Error("no ledger in this test")),
      now: () => clock.nowMs,
    }),
    prices: {
      unpricedModels: () => Promise.reject(new Error("no ledger in this test")),
      recompute: () => {
        throw new Error("no ledger in this test");
      },
      idle: () => Promise.resolve(),
    },
    policyStatus: () => ({
      revision: null,
      loadedAtMs: null,
      entrypoints: [],
      files: [],
      problem: null,
    }),
    ledgerStatus: () => Promise.reject(new Error("no ledger in this test")),
    ledgerHost: () => Promise.reject(new Error("no ledger in this test")),
    ...deps,
  });
  return {
    ...fixture,
    app,
    publisher,
    logged,
    signIn: async (personId) => {
      const token = await createLoginToken(context, { personId });
      const secret = await redeemLoginToken(context, token);
      return {
        host: "127.0.0.1:7778",
        cookie: `weir_session=${secret}`,
        "x-weir-csrf": "1",
        "sec-fetch-site": "same-origin",
      };
    },
    [Symbol.asyncDispose]: async () => {
      await publisher.stop();
      await app.close();
      await fixture[Symbol.asyncDispose]();
    },
  };
}

export const consoleOrigin = "http://127.0.0.1:7778";

/** A section `identity`, whose rest has its defaults. */
export function identityFor(identity: Partial<Identity>): Identity {
  const values = complete({ identity }, []);
  if (!Value.Check(ConfigFile, values)) throw new Error("this is no valid section identity");
  return values.identity;
}

/** How people sign in under a section `identity`, whose rest has its defaults. */
export function signInSettingsFor(
  identity: Partial<Identity>,
  clock: { readonly nowMs: number },
  console: { readonly behindTlsProxy: boolean } = { behindTlsProxy: false },
): SignInSettings {
  const values = complete({ identity, console }, []);
  if (!Value.Check(ConfigFile, values)) throw new Error("this is no valid section identity");
  return createSignInSettings(values, {
    clientSecret: null,
    now: () => clock.nowMs,
    listensAt: () => consoleOrigin,
  });
}

/** What tests look at in a problem's body. */
export function problemOf(body: string): {
  code: string;
  instance: string;
  errors?: { path: string }[];
} {
  return JSON.parse(body);
}

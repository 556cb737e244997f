import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from "fastify";
import { v7 as uuidv7 } from "uuid";
import { access } from "../identity/access.ts";
import { findSession } from "../identity/session.ts";
import { type HealthOptions, health } from "../shell/health.ts";
import { openapi } from "../shell/openapi.ts";
import { problems, sendProblem } from "../shell/problem.ts";
import { type RequestLogOptions, requestLog } from "../shell/request-log.ts";
import { securityHeaders } from "../shell/security-headers.ts";
import { staticFiles } from "../shell/static.ts";
import { describeError } from "./describe-error.ts";
import { ControlError } from "./errors.ts";
import { assertFigures, type ViewDesk } from "./ledger/record-read.ts";
import { backChannelLogoutRoutes } from "./routes/back-channel-logout.ts";
import type { DelegationDesk } from "./delegation/desk.ts";
import { deviceLoginRoutes } from "./routes/device-login.ts";
import { type InsightRouteDeps, insightRoutes } from "./routes/insight.ts";
import { type BudgetRouteDeps, budgetRoutes } from "./routes/budgets.ts";
import { grantRoutes } from "./routes/grants.ts";
import { keyRoutes } from "./routes/keys.ts";
import { keyUseRoutes } from "./routes/key-use.ts";
import { type MeRouteDeps, meRoutes } from "./routes/me.ts";
import { type LedgerOperationDeps, ledgerOperationRoutes } from "./routes/ledger-operations.ts";
import { type PriceRouteDeps, priceRoutes } from "./routes/prices.ts";
import { type OperationRouteDeps, operationRoutes } from "./routes/operations.ts";
import { oauthMetadataRoutes } from "./routes/oauth-metadata.ts";
import { oauthRoutes } from "./routes/oauth.ts";
import { sessionRoutes } from "./routes/session.ts";
import { signInRoutes } from "./routes/sign-in.ts";
import { scimRoutes } from "./routes/scim.ts";
import type { ScimRules } from "./scim/scim-rules.ts";
import { stopRoutes } from "./routes/stops.ts";
import { snapshotRoutes } from "./routes/snapshot.ts";
import type { SignInSettings } from "./sign-in-settings.ts";
import type { SnapshotPublisher } from "./snapshot/publisher.ts";
import type { ControlContext } from "./store/change.ts";

export interface ControlAppDeps
  extends
    MeRouteDeps,
    InsightRouteDeps,
    OperationRouteDeps,
    PriceRouteDeps,
    BudgetRouteDeps,
    LedgerOperationDeps,
    HealthOptions,
    RequestLogOptions {
  readonly context: Omit<ControlContext, "actor">;
  readonly publisher: SnapshotPublisher;
  readonly delegation: DelegationDesk;
  /** Whether policy lets people see what their roles let them see, and where denials go. */
  readonly views: Pick<ViewDesk, "decideView" | "recordAccess">;
  readonly controlToken: string;
  /** Of the identity provider that keeps the directory up to date; empty = there is none. */
  readonly scimToken: string;
  /** Null = the directory is not provisioned. */
  readonly scim: ScimRules | null;
  readonly maxKeysPerPerson: number;
  /** Host names served besides loopback's; null = any. */
  readonly hostNames: readonly string[] | null;
  readonly signInSettings: SignInSettings;
  /** Folder of the built console. */
  readonly consoleDirectory: string;
  readonly log: FastifyBaseLogger;
  readonly onServerError?: () => void;
}

// No request of the API comes near it: bodies are a name and two ids.
const maxBodyBytes = 65_536;

/** The whole of the control plane over HTTP: console, API, sign-in, health, snapshots. */
export async function createControlApp(deps: ControlAppDeps): Promise<FastifyInstance> {
  const { context, publisher, signInSettings } = deps;
  const { isServedOverTls, limits } = signInSettings;
  const publish = () => publisher.refresh();
  const app: FastifyInstance = Fastify({
    loggerInstance: deps.log,
    // Its own request lines hold the URL, and a URL may hold a login token.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => uuidv7(),
    bodyLimit: maxBodyBytes,
    forceCloseConnections: "idle",
    // By default unknown fields are dropped in silence: `?personId=…` must not look accepted.
    ajv: { customOptions: { removeAdditional: false } },
  });
  await app.register(requestLog, deps);
  await app.register(problems, { ...deps, describe: describeError });
  await app.register(securityHeaders, { isServedOverTls });
  await app.register(access, {
    ...deps,
    isServedOverTls,
    assertFigures: ({ personId }, view) =>
      assertFigures({ ...deps.views, context: { ...context, actor: `person:${personId}` } }, view),
    findSession: (secret) => findSession(context.store, secret, context.now(), limits),
  });
  await app.register(openapi);
  await app.register(health, deps);
  await app.register(sessionRoutes, deps);
  await app.register(signInRoutes, { ...deps, publish });
  await app.register(backChannelLogoutRoutes, { ...deps, publish });
  await app.register(deviceLoginRoutes, deps);
  await app.register(oauthRoutes, { ...deps, publish });
  await app.register(oauthMetadataRoutes, deps);
  await app.register(grantRoutes, { ...deps, publish });
  await app.register(meRoutes, deps);
  await app.register(insightRoutes, deps);
  await app.register(keyRoutes, { ...deps, publish });
  await app.register(keyUseRoutes, { context });
  await app.register(operationRoutes, deps);
  await app.register(priceRoutes, deps);
  await app.register(budgetRoutes, { ...deps, publish: () => publisher.refresh() });
  await app.register(ledgerOperationRoutes, deps);
  await app.register(scimRoutes, { ...deps, publish });
  await app.register(stopRoutes, { ...deps, publish });
  await app.register(snapshotRoutes, { publisher });
  await app.register(staticFiles, {
    directory: deps.consoleDirectory,
    reservedSegments: ["api", "internal", "login", "auth", "oauth", "scim", ".well-known"],
    notFound: (request, reply) =>
      sendProblem(
        request,
        reply,
        describeError(new ControlError("WEIR_NOT_FOUND", "No such path.")),
      ),
  });
  return app;
}

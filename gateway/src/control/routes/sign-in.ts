import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Type } from "typebox";
import { SignInOptions } from "../../contracts/api/sign-in.ts";
import { endSession, findSession, takeEndedSession } from "../../identity/session.ts";
import {
  clearLoginCookie,
  clearSessionCookie,
  loginCookieName,
  sessionCookieName,
  setLoginCookie,
  setSessionCookie,
} from "../../identity/session-cookie.ts";
import { type OidcConfig, readClaims } from "../../identity/oidc/claims.ts";
import { beginLogin, pendingLoginMs, takeLogin } from "../../identity/oidc/pending-login.ts";
import { returnPath } from "../../identity/oidc/return-path.ts";
import { seal, unseal } from "../../identity/oidc/seal.ts";
import { signIn, type VerifiedSignIn } from "../../identity/oidc/sign-in.ts";
import { SignInRefusal } from "../../identity/oidc/sign-in-refusal.ts";
import type { SignInSettings } from "../sign-in-settings.ts";
import type { ControlContext } from "../store/change.ts";
import { sendRefusal } from "./sign-in-page.ts";

export interface SignInRouteDeps {
  readonly context: Omit<ControlContext, "actor">;
  readonly signInSettings: SignInSettings;
  /** Called after every change, so that proxies learn of it at once. */
  readonly publish: () => Promise<void>;
}

const SignInQuery = Type.Object({
  returnTo: Type.Optional(Type.String()),
  /** Sent here from another host name already: a proxy that rewrites Host must not make a loop. */
  here: Type.Optional(Type.String()),
});

const callbackPath = "/auth/callback";
const hidden = { hide: true };

/** Browsers that load pages before they are asked for would begin and end sign-ins unseen. */
export function isPrefetch(request: FastifyRequest): boolean {
  return String(request.headers["sec-purpose"] ?? "").includes("prefetch");
}

/** Sign-in by OpenID Connect: there and back, and out again. No token reaches a page. */
export async function signInRoutes(app: FastifyInstance, deps: SignInRouteDeps): Promise<void> {
  const { context, signInSettings: settings } = deps;
  const { isServedOverTls, contact, areLinksAllowed, limits } = settings;
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();
  const redirectUri = () => `${settings.consoleUrl()}${callbackPath}`;
  const publicRoute = { config: { permission: "public" }, schema: hidden } as const;

  app.addHook("onRequest", async (request, reply) => {
    void reply.header("cache-control", "no-store");
    if (isPrefetch(request)) await reply.code(503).send();
  });

  app.setErrorHandler((error, request, reply) => {
    if (!(error instanceof SignInRefusal)) throw error;
    request.log.warn({ err: error, code: error.code }, "nobody was signed in");
    return sendRefusal(reply, error.code, { contact, areLinksAllowed });
  });

  routes.get(
    "/auth/options",
    {
      config: { permission: "public" },
      schema: { ...hidden, response: { 200: SignInOptions } },
    },
    async () => ({
      provider: settings.oidc === null ? null : { name: settings.oidc.config.displayName },
      localLinks: areLinksAllowed,
      contact,
    }),
  );

  const { oidc } = settings;
  if (oidc === null) return;

  routes.get(
    "/auth/sign-in",
    {
      config: { permission: "public" },
      exposeHeadRoute: false,
      schema: { ...hidden, querystring: SignInQuery },
    },
    async (request, reply) => {
      const returnTo = returnPath(request.query.returnTo);
      const base = settings.consoleUrl();
      // Cookies belong to one host name, and the provider comes back to this one.
      if (request.query.here !== "1" && URL.parse(base)?.host !== request.headers.host) {
        const query = new URLSearchParams({ returnTo, here: "1" });
        return reply.redirect(`${base}/auth/sign-in?${query.toString()}`, 303);
      }
      // Before anything is remembered: while the provider is down nothing has begun.
      await oidc.provider.metadata();
      const { state, secret } = await beginLogin(context, returnTo);
      const url = await oidc.provider.authorizationUrl({
        state,
        secret,
        redirectUri: redirectUri(),
      });
      setLoginCookie(reply, secret, { isServedOverTls, lifetimeMs: pendingLoginMs });
      return reply.redirect(url.href, 303);
    },
  );

  app.get(callbackPath, { ...publicRoute, exposeHeadRoute: false }, async (request, reply) => {
    const query = queryOf(request);
    const state = new URLSearchParams(query).get("state") ?? "";
    const secret = request.cookies[loginCookieName(isServedOverTls)] ?? "";
    const begun = await takeLogin(context, { state, secret });
    if (begun === null) throw new SignInRefusal("WEIR_SIGN_IN_EXPIRED");
    clearLoginCookie(reply, isServedOverTls);
    const login = { state, secret, redirectUri: redirectUri() };
    const answer = await oidc.provider.exchange(query, login);
    const { claims, sid, idToken } = answer;
    const verified = {
      claimed: readClaims(oidc.config, claims),
      provider: {
        issuer: claims.iss,
        subject: claims.sub,
        sid,
        sealIdToken: (key: string) =>
          idToken === null ? null : seal(idToken, key, context.randomBytes),
      },
    };
    const sessionSecret = await admit(oidc.config, verified);
    await endFormerSession(request);
    setSessionCookie(reply, sessionSecret, { isServedOverTls, absoluteMs: limits.absoluteMs });
    return reply.redirect(begun.returnTo, 303);
  });

  app.get("/auth/sign-out", { ...publicRoute, exposeHeadRoute: false }, async (request, reply) => {
    const secret = request.cookies[sessionCookieName(isServedOverTls)] ?? "";
    const ended = await takeEndedSession(context, secret);
    const signedOut = `${settings.consoleUrl()}/signed-out`;
    if (ended === null) return reply.redirect("/signed-out", 303);
    clearSessionCookie(reply, isServedOverTls);
    const { sealedIdToken } = ended;
    const idToken = sealedIdToken === null ? null : unseal(sealedIdToken, secret);
    // Signed out here in any case: a provider that is down cannot keep anybody in.
    const url = await oidc.provider.endSessionUrl(idToken, signedOut).catch(() => null);
    return reply.redirect(url?.href ?? "/signed-out", 303);
  });

  /** A refusal too may have changed who there is. */
  async function admit(config: OidcConfig, verified: VerifiedSignIn): Promise<string> {
    try {
      return await signIn(context, settings.signIn(config), verified);
    } finally {
      await deps.publish();
    }
  }

  /** Whoever signs in anew leaves no session behind that the browser no longer holds. */
  async function endFormerSession(request: FastifyRequest): Promise<void> {
    const former = request.cookies[sessionCookieName(isServedOverTls)];
    if (former === undefined) return;
    const signedIn = await findSession(context.store, former, context.now(), limits);
    if (signedIn === null) return;
    await endSession({ ...context, actor: `person:${signedIn.personId}` }, former);
  }
}

function queryOf(request: FastifyRequest): string {
  const start = request.url.indexOf("?");
  return start === -1 ? "" : request.url.slice(start);
}

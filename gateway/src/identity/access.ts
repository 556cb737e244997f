import cookie from "@fastify/cookie";
import type { FastifyInstance, FastifyRequest } from "fastify";
import fastifyPlugin from "fastify-plugin";
import { ControlError } from "../control/errors.ts";
import type { View } from "../control/views/view.ts";
import { isSameOrigin } from "./cross-site.ts";
import { isExpectedHost } from "./host-check.ts";
import { isOwn, isPermission, isPermitted, type RouteAccess } from "./permissions.ts";
import { secretsEqual } from "./secret.ts";
import type { SignedIn } from "./session.ts";
import { sessionCookieName } from "./session-cookie.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** What a request needs in order to be served; no route may leave it out. */
    permission?: RouteAccess;
    /** What it shows; no route may leave it out that is for more than one's own. */
    view?: View;
  }
  interface FastifyRequest {
    signedIn: SignedIn | null;
    /** Set once it is on record whose rows the answer holds, and why. */
    isReadRecorded: boolean;
  }
  interface FastifyInstance {
    /** Every route that there is, in the order of their registration. */
    readonly declaredRoutes: readonly DeclaredRoute[];
  }
}

/** A route and what it asks for. */
export interface DeclaredRoute {
  readonly method: string;
  /** The pattern, `/api/keys/:id`. */
  readonly url: string;
  readonly permission: RouteAccess;
  readonly view: View | null;
}

export interface AccessOptions {
  readonly findSession: (secret: string) => Promise<SignedIn | null>;
  readonly controlToken: string;
  /** Empty = no identity provider may write the directory, and its routes are not there. */
  readonly scimToken: string;
  /** Host names served besides loopback's; null = any, behind a proxy that checks them itself. */
  readonly hostNames: readonly string[] | null;
  readonly isServedOverTls: boolean;
  /** @throws ControlError WEIR_VIEW_DENIED for what a policy does not let this person see. */
  readonly assertFigures: (person: SignedIn, view: View) => Promise<void>;
}

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(",") : header;
}

function bearsToken(request: FastifyRequest, token: string): boolean {
  const match = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "");
  // An empty token would be no secret at all.
  return token !== "" && match?.[1] !== undefined && secretsEqual(match[1], token);
}

function requireScimToken(request: FastifyRequest, scimToken: string): void {
  if (scimToken === "") throw new ControlError("WEIR_NOT_FOUND", "identity.scim is not set.");
  if (bearsToken(request, scimToken)) return;
  throw new ControlError(
    "WEIR_SCIM_TOKEN_REFUSED",
    "Give the identity provider the token that the variable of identity.scim.tokenEnv holds.",
  );
}

function requireControlToken(request: FastifyRequest, controlToken: string): void {
  if (bearsToken(request, controlToken)) return;
  throw new ControlError(
    "WEIR_CONTROL_TOKEN_REFUSED",
    "Set the same WEIR_CONTROL_TOKEN for the proxy and for control.",
  );
}

function requireSameOrigin(request: FastifyRequest): void {
  if (safeMethods.has(request.method)) return;
  const { headers } = request;
  const isOurs = isSameOrigin({
    csrfHeader: single(headers["x-weir-csrf"]),
    secFetchSite: single(headers["sec-fetch-site"]),
    origin: headers.origin,
    host: headers.host,
  });
  if (isOurs) return;
  throw new ControlError(
    "WEIR_CROSS_SITE_REQUEST",
    "Requests that change something need the header `x-weir-csrf: 1` and must come from the console.",
  );
}

/** The person behind a request to a route that needs a permission. */
export function signedInOf(request: FastifyRequest): SignedIn {
  if (request.signedIn !== null) return request.signedIn;
  throw new ControlError("WEIR_NOT_SIGNED_IN", "Open the console and sign in.");
}

/** Checks every request against what its route declares: the one place where access is decided. */
export const access = fastifyPlugin(
  async (app: FastifyInstance, options: AccessOptions) => {
    await app.register(cookie);
    app.decorateRequest("signedIn", null);
    app.decorateRequest("isReadRecorded", false);
    const cookieName = sessionCookieName(options.isServedOverTls);

    const declaredRoutes: DeclaredRoute[] = [];
    app.decorate("declaredRoutes", declaredRoutes);

    app.addHook("onRoute", ({ url, method: methods, config }) => {
      const permission = config?.permission;
      if (permission === undefined) throw new Error(`the route ${url} declares no permission`);
      const view = config?.view ?? null;
      const isOfPerson = isPermission(permission);
      if (isOfPerson && !isOwn(permission) && view === null)
        throw new Error(`the route ${url} does not declare what it shows`);
      for (const method of [methods].flat()) declaredRoutes.push({ method, url, permission, view });
    });

    app.addHook("onRequest", async (request, reply) => {
      const { hostNames } = options;
      if (hostNames !== null && !isExpectedHost(request.headers.host, hostNames)) {
        throw new ControlError("WEIR_WRONG_HOST", "Open the console by the address Weir printed.");
      }
      const permission = request.routeOptions.config.permission ?? "public";
      if (permission === "public") return;
      void reply.header("cache-control", "no-store");
      if (permission === "control-token") return requireControlToken(request, options.controlToken);
      if (permission === "scim-token") return requireScimToken(request, options.scimToken);
      const secret = request.cookies[cookieName];
      request.signedIn = secret === undefined ? null : await options.findSession(secret);
      const person = signedInOf(request);
      requireSameOrigin(request);
      if (!isPermitted(person.roles, permission))
        throw new ControlError("WEIR_NOT_PERMITTED", `This needs the permission ${permission}.`);
      const { view } = request.routeOptions.config;
      if (view !== undefined) await options.assertFigures(person, view);
    });

    // A route that forgot to put on record whose rows it reads must not hand them out all the same.
    app.addHook("onSend", async (request, reply) => {
      const { view } = request.routeOptions.config;
      if (view?.shows !== "rows" || request.isReadRecorded || reply.statusCode >= 400) return;
      throw new Error(`${request.routeOptions.url ?? ""} answers without a record of the access`);
    });
  },
  { name: "weir-access", fastify: "5.x" },
);

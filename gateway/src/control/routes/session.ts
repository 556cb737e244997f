import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance, FastifyReply } from "fastify";
import { Type } from "typebox";
import { SignedOut } from "../../contracts/api/sign-in.ts";
import { redeemLoginToken } from "../../identity/login-link.ts";
import { endSession } from "../../identity/session.ts";
import {
  clearSessionCookie,
  sessionCookieName,
  setSessionCookie,
} from "../../identity/session-cookie.ts";
import { problemResponses } from "../../shell/problem.ts";
import { isPrefetch } from "./sign-in.ts";
import { sendPage } from "./sign-in-page.ts";
import type { SignInSettings } from "../sign-in-settings.ts";
import type { ControlContext } from "../store/change.ts";

export interface SessionRouteDeps {
  readonly context: Omit<ControlContext, "actor">;
  readonly signInSettings: SignInSettings;
}

const LoginQuery = Type.Object({ token: Type.Optional(Type.String()) });

const refusals = {
  used: {
    title: "This login link no longer works",
    text: "A login link works once, for 15 minutes. To get a new one, run npm run weir -- login-link where Weir is installed.",
    code: "WEIR_LOGIN_LINK_USED",
    link: null,
  },
  off: {
    title: "Login links are off",
    text: "Sign in with your identity provider.",
    code: "WEIR_LOGIN_LINKS_OFF",
    link: { href: "/", text: "Go to the sign-in page" },
  },
} as const;

/** Sign-in by one-time link, and sign-out. */
export async function sessionRoutes(app: FastifyInstance, deps: SessionRouteDeps): Promise<void> {
  const { context } = deps;
  const { isServedOverTls, areLinksAllowed, contact, limits } = deps.signInSettings;
  const refuse = (reply: FastifyReply, why: keyof typeof refusals) =>
    sendPage(reply, { status: 403, requestId: reply.request.id, contact, ...refusals[why] });
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.route({
    method: "GET",
    url: "/login",
    // A HEAD request, as link checkers send it, must not use the link up.
    exposeHeadRoute: false,
    config: { permission: "public" },
    schema: { hide: true, querystring: LoginQuery },
    handler: async (request, reply) => {
      void reply.header("cache-control", "no-store");
      if (isPrefetch(request)) return reply.code(503).send();
      if (!areLinksAllowed) return refuse(reply, "off");
      const secret = await redeemLoginToken(context, request.query.token ?? "", limits);
      if (secret === null) return refuse(reply, "used");
      setSessionCookie(reply, secret, { isServedOverTls, absoluteMs: limits.absoluteMs });
      return reply.redirect("/", 303);
    },
  });

  routes.head(
    "/login",
    { config: { permission: "public" }, schema: { hide: true } },
    async (_request, reply) => reply.header("cache-control", "no-store").code(204).send(),
  );

  routes.route({
    method: "POST",
    url: "/api/session/end",
    config: { permission: "session:end" },
    schema: {
      operationId: "endSession",
      summary: "Sign out",
      tags: ["session"],
      security: [{ session: [] }],
      response: { 200: SignedOut, 204: Type.Null(), ...problemResponses(401, 403, 503) },
    },
    handler: async (request, reply) => {
      const personId = request.signedIn?.personId ?? "";
      const secret = request.cookies[sessionCookieName(isServedOverTls)] ?? "";
      const isElsewhere = await endSession({ ...context, actor: `person:${personId}` }, secret);
      // The cookie stays for that one step: it opens what the provider has to be told.
      if (isElsewhere) return reply.code(200).send({ next: "/auth/sign-out" });
      clearSessionCookie(reply, isServedOverTls);
      return reply.code(204).send(null);
    },
  });
}

import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { redeemLoginToken } from "../../identity/login-link.ts";
import { endSession } from "../../identity/session.ts";
import {
  clearSessionCookie,
  sessionCookieName,
  setSessionCookie,
} from "../../identity/session-cookie.ts";
import { problemResponses } from "../../shell/problem.ts";
import type { ControlContext } from "../store/change.ts";

export interface SessionRouteDeps {
  readonly context: Omit<ControlContext, "actor">;
  readonly isServedOverTls: boolean;
}

const refusedPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Weir: this login link no longer works</title>
<h1>This login link no longer works</h1>
<p>A login link works once, for 15 minutes. To get a new one, run this where Weir is installed:</p>
<pre>npm run weir -- login-link</pre>
</html>
`;

const LoginQuery = Type.Object({ token: Type.Optional(Type.String()) });

/** Browsers that load pages before they are asked for would use the link up unseen. */
function isPrefetch(purpose: string | string[] | undefined): boolean {
  return String(purpose ?? "").includes("prefetch");
}

/** Sign-in by one-time link, and sign-out. */
export async function sessionRoutes(app: FastifyInstance, deps: SessionRouteDeps): Promise<void> {
  const { context, isServedOverTls } = deps;
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
      if (isPrefetch(request.headers["sec-purpose"])) return reply.code(503).send();
      const secret = await redeemLoginToken(context, request.query.token ?? "");
      if (secret === null) {
        return reply.code(403).type("text/html; charset=utf-8").send(refusedPage);
      }
      setSessionCookie(reply, secret, isServedOverTls);
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
      response: { 204: Type.Null(), ...problemResponses(401, 403, 503) },
    },
    handler: async (request, reply) => {
      const personId = request.signedIn?.personId ?? "";
      const secret = request.cookies[sessionCookieName] ?? "";
      await endSession({ ...context, actor: `person:${personId}` }, secret);
      clearSessionCookie(reply, isServedOverTls);
      return reply.code(204).send(null);
    },
  });
}

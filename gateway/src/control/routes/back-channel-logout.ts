import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { endProviderSessions } from "../../identity/oidc/end-provider-sessions.ts";
import { LogoutTokenError, verifyLogoutToken } from "../../identity/oidc/logout-token.ts";
import { remoteKeys } from "../../identity/oidc/logout-keys.ts";
import type { SignInRouteDeps } from "./sign-in.ts";
import { acceptForms } from "./form-body.ts";

const LogoutForm = Type.Object({ logout_token: Type.String({ minLength: 1, maxLength: 16_384 }) });

/** OpenID Connect Back-Channel Logout 1.0: the identity provider ends sessions here. */
export async function backChannelLogoutRoutes(
  app: FastifyInstance,
  deps: SignInRouteDeps,
): Promise<void> {
  const { context, signInSettings } = deps;
  const { oidc } = signInSettings;
  if (oidc === null) return;
  acceptForms(app);
  let known: { uri: string; keys: ReturnType<typeof remoteKeys> } | null = null;
  const keysAt = (uri: string) => {
    if (known?.uri !== uri) known = { uri, keys: remoteKeys(uri) };
    return known.keys;
  };

  app.withTypeProvider<TypeBoxTypeProvider>().route({
    method: "POST",
    url: "/auth/backchannel-logout",
    config: { permission: "public" },
    schema: { hide: true, body: LogoutForm },
    handler: async (request, reply) => {
      void reply.header("cache-control", "no-store");
      try {
        const metadata = await oidc.provider.metadata();
        if (metadata.jwks_uri === undefined) throw new LogoutTokenError("There are no keys.");
        const notice = await verifyLogoutToken(request.body.logout_token, {
          issuer: metadata.issuer,
          clientId: oidc.config.clientId,
          keys: keysAt(metadata.jwks_uri),
          nowMs: context.now(),
        });
        const ended = await endProviderSessions(context, notice);
        request.log.info({ ended }, "the identity provider ended sessions");
        return await reply.code(200).send();
      } catch (error) {
        if (!(error instanceof LogoutTokenError)) throw error;
        request.log.warn({ err: error, code: error.code }, "a logout token was refused");
        const problem = { error: "invalid_request", error_description: error.message };
        return reply.code(400).send(problem);
      }
    },
  });
}

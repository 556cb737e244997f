import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance, FastifyReply } from "fastify";
import { type Static, Type } from "typebox";
import {
  beginDeviceLogin,
  deviceLoginMs,
  pollIntervalMs,
} from "../../identity/device/device-login.ts";
import { redeemDeviceCode, revokeDeviceKey } from "../../identity/device/redeem.ts";
import type { SignInSettings } from "../sign-in-settings.ts";
import type { ControlContext } from "../store/change.ts";
import type { DelegationDesk } from "../delegation/desk.ts";
import { answerExchange, exchangeGrantType, exchangeMembers } from "./token-exchange.ts";
import { acceptForms } from "./form-body.ts";

export interface OAuthRouteDeps {
  readonly context: Omit<ControlContext, "actor">;
  readonly signInSettings: SignInSettings;
  readonly gatewayUrl: () => string;
  readonly publish: () => Promise<void>;
  readonly delegation: DelegationDesk;
}

/** The one client that Weir knows: its own command line. It is public, and has no secret. */
export const commandLineClientId = "weir-cli";
export const deviceGrantType = "urn:ietf:params:oauth:grant-type:device_code";

const DeviceAuthorizationForm = Type.Object({
  client_id: Type.String({ maxLength: 200 }),
  device_name: Type.Optional(Type.String({ maxLength: 200 })),
  scope: Type.Optional(Type.String({ maxLength: 1000 })),
});

const TokenForm = Type.Object({
  grant_type: Type.String({ maxLength: 200 }),
  client_id: Type.Optional(Type.String({ maxLength: 200 })),
  device_code: Type.Optional(Type.String({ maxLength: 200 })),
  ...exchangeMembers,
});
type TokenForm = Static<typeof TokenForm>;

const RevocationForm = Type.Object({
  token: Type.String({ maxLength: 200 }),
  token_type_hint: Type.Optional(Type.String({ maxLength: 200 })),
  client_id: Type.Optional(Type.String({ maxLength: 200 })),
});

/** RFC 6749 §5.2. */
function refuse(reply: FastifyReply, error: string): FastifyReply {
  return reply.code(error === "invalid_client" ? 401 : 400).send({ error });
}

/** What a device calls itself, without anything that could pass for other words on the page. */
function deviceNameOf(said: string | undefined): string {
  const name = (said ?? "")
    .replaceAll(/[^\p{L}\p{N} ._@-]/gu, "")
    .trim()
    .slice(0, 60);
  return name === "" ? "a device without a name" : name;
}

/** Weir as the authorization server of its own command line (RFC 8628, RFC 7009). */
export async function oauthRoutes(app: FastifyInstance, deps: OAuthRouteDeps): Promise<void> {
  const { context, signInSettings: settings } = deps;
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();
  acceptForms(app);
  app.addHook("onRequest", async (_request, reply) => {
    void reply.header("cache-control", "no-store");
  });

  routes.route({
    method: "POST",
    url: "/oauth/device_authorization",
    config: { permission: "public" },
    schema: { hide: true, body: DeviceAuthorizationForm },
    handler: async (request, reply) => {
      const { client_id: clientId, device_name: said } = request.body;
      if (clientId !== commandLineClientId) return refuse(reply, "invalid_client");
      const { deviceCode, userCode } = await beginDeviceLogin(context, deviceNameOf(said));
      // No verification_uri_complete: a link with the code in it is what phishing mails carry.
      return {
        device_code: deviceCode,
        user_code: userCode,
        verification_uri: `${settings.consoleUrl()}/device`,
        expires_in: deviceLoginMs / 1000,
        interval: pollIntervalMs / 1000,
      };
    },
  });

  const deviceGrant = async (form: TokenForm, reply: FastifyReply) => {
    if (form.client_id !== commandLineClientId) return refuse(reply, "invalid_client");
    if (form.device_code === undefined) return refuse(reply, "invalid_request");
    const granted = await redeemDeviceCode(context, {
      deviceCode: form.device_code,
      keyLifetimeMs: settings.keyLifetimeMs,
    });
    if ("error" in granted) return refuse(reply, granted.error);
    await deps.publish();
    return {
      access_token: granted.key,
      token_type: "Bearer",
      expires_in: Math.floor(granted.expiresInMs / 1000),
      gateway_url: deps.gatewayUrl(),
    };
  };

  /** Grant type → who answers it. */
  const grants = new Map<string, (form: TokenForm, reply: FastifyReply) => Promise<object>>([
    [deviceGrantType, deviceGrant],
    [exchangeGrantType, (form, reply) => answerExchange(context, deps.delegation, form, reply)],
  ]);

  routes.route({
    method: "POST",
    url: "/oauth/token",
    config: { permission: "public" },
    schema: { hide: true, body: TokenForm },
    handler: async (request, reply) => {
      const grant = grants.get(request.body.grant_type);
      if (grant === undefined) return refuse(reply, "unsupported_grant_type");
      return grant(request.body, reply);
    },
  });

  routes.route({
    method: "POST",
    url: "/oauth/revoke",
    config: { permission: "public" },
    schema: { hide: true, body: RevocationForm },
    handler: async (request, reply) => {
      if (await revokeDeviceKey(context, request.body.token)) await deps.publish();
      // RFC 7009 §2.2: the same for a token that there is not.
      return reply.code(200).send();
    },
  });
}

import type { FastifyInstance } from "fastify";
import { protectedResource } from "../../contracts/delegation.ts";
import { scopeNames } from "../../contracts/scope.ts";
import { ControlError } from "../errors.ts";
import type { DelegationDesk } from "../delegation/desk.ts";
import { deviceGrantType } from "./oauth.ts";
import { exchangeGrantType } from "./token-exchange.ts";

const open = { config: { permission: "public" as const }, schema: { hide: true } };

/** What OAuth clients, those of MCP among them, ask for before anything else. */
export async function oauthMetadataRoutes(
  app: FastifyInstance,
  { delegation }: { readonly delegation: DelegationDesk },
): Promise<void> {
  const issuerNow = (): string => {
    const issuer = delegation.issuer();
    if (issuer === "") throw new ControlError("WEIR_SNAPSHOT_NOT_READY", "Weir is starting.");
    return issuer;
  };

  // RFC 8414 §2. There is no authorization endpoint: people consent in the console.
  app.get("/.well-known/oauth-authorization-server", open, async () => {
    const issuer = issuerNow();
    return {
      issuer,
      token_endpoint: `${issuer}/oauth/token`,
      device_authorization_endpoint: `${issuer}/oauth/device_authorization`,
      revocation_endpoint: `${issuer}/oauth/revoke`,
      jwks_uri: `${issuer}/oauth/jwks`,
      response_types_supported: [],
      grant_types_supported: [deviceGrantType, exchangeGrantType],
      token_endpoint_auth_methods_supported: ["none"],
      scopes_supported: scopeNames,
      protected_resources: [...delegation.resources()],
    };
  });

  app.get("/.well-known/oauth-protected-resource", open, async () =>
    protectedResource({ issuer: issuerNow(), resource: delegation.resource() }),
  );

  app.get("/oauth/jwks", open, async (_request, reply) => {
    void reply.header("cache-control", "public, max-age=300");
    return { keys: await delegation.keys.published() };
  });
}

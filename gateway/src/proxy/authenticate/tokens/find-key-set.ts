import { Type } from "typebox";
import { Value } from "typebox/value";
import type { IssuerConfig } from "./key-set.ts";

const Discovery = Type.Object({ issuer: Type.String(), jwks_uri: Type.String() });

/**
 * Fetches an issuer's JWKS, by way of its discovery document where no `jwksUri` is configured
 * (OpenID Connect Discovery 1.0 §4).
 *
 * @throws what fetching throws, and for a discovery document of another issuer (§4.3).
 */
export async function fetchKeySet(
  { issuer, jwksUri }: Pick<IssuerConfig, "issuer" | "jwksUri">,
  fetchJson: (url: string) => Promise<unknown>,
): Promise<unknown> {
  if (jwksUri !== undefined) return fetchJson(jwksUri);
  const address = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const found = Value.Parse(Discovery, await fetchJson(address));
  if (found.issuer !== issuer) {
    throw new Error(`${address} is of the issuer ${JSON.stringify(found.issuer)}`);
  }
  // A provider that is spoken to over TLS must not send us where anybody can answer.
  if (issuer.startsWith("https:") && !found.jwks_uri.startsWith("https:")) {
    throw new Error(`${address} names keys that do not come over TLS`);
  }
  return fetchJson(found.jwks_uri);
}

import { createRemoteJWKSet, decodeJwt, type JWTVerifyGetKey, jwtVerify } from "jose";
import type { Config } from "../../config/schema.ts";

type Issuer = Config["identity"]["issuers"][number];
type Service = Config["identity"]["services"][number];

const timeoutMs = 5_000;

/** Finds the configured service that a JWT of a configured issuer stands for; null for any other. */
export type ServiceTokens = (token: string) => Promise<Service | null>;

/** Verifies the tokens that services show as their own credential when they exchange another. */
export function createServiceTokens(
  { issuers, services }: Pick<Config["identity"], "issuers" | "services">,
  now: () => number,
): ServiceTokens {
  const keysOf = new Map<string, JWTVerifyGetKey>();
  return async (token) => {
    const issuer = issuers.find((each) => each.issuer === issuerIn(token));
    if (issuer === undefined) return null;
    const { personClaim, name } = issuer;
    try {
      const keys = keysOf.get(name) ?? (await findKeys(issuer));
      keysOf.set(name, keys);
      const { payload } = await jwtVerify(token, keys, {
        issuer: issuer.issuer,
        audience: issuer.audience,
        algorithms: [...issuer.algorithms],
        clockTolerance: issuer.clockToleranceSeconds,
        maxTokenAge: issuer.maxTokenAgeSeconds,
        requiredClaims: ["exp"],
        currentDate: new Date(now()),
      });
      const subject = payload[personClaim];
      return services.find((each) => each.issuer === name && each.subject === subject) ?? null;
    } catch {
      return null;
    }
  };
}

function issuerIn(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

async function findKeys({ issuer, jwksUri }: Issuer): Promise<JWTVerifyGetKey> {
  const address = jwksUri ?? (await discovered(issuer));
  return createRemoteJWKSet(new URL(address), { timeoutDuration: timeoutMs });
}

async function discovered(issuer: string): Promise<string> {
  const address = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const answer = await fetch(address, {
    redirect: "error",
    signal: AbortSignal.timeout(timeoutMs),
  });
  const found: unknown = await answer.json();
  if (typeof found !== "object" || found === null) throw new Error(`${address} is no object`);
  const { issuer: said, jwks_uri: jwksUri } = { issuer: "", jwks_uri: "", ...found };
  if (said !== issuer || typeof jwksUri !== "string" || jwksUri === "")
    throw new Error(`${address} is not of ${issuer}`);
  if (issuer.startsWith("https:") && !jwksUri.startsWith("https:"))
    throw new Error(`${address} names keys that do not come over TLS`);
  return jwksUri;
}

import { createPublicKey } from "node:crypto";
import { type Algorithm, createVerifier } from "fast-jwt";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import type { Config } from "../../../config/schema.ts";

export type IssuerConfig = Config["identity"]["issuers"][number];

/** One public key of an issuer. The same object for as long as the issuer publishes it unchanged. */
export interface IssuerKey {
  readonly source: string;
  /** Checks signature, `alg`, `crit`, `iss` and `aud`; times are left to the caller. Throws. */
  verify(token: string): Record<string, unknown>;
}

/** By `kid`; keys without one are under the empty string, and good only if there is no other. */
export type KeySet = ReadonlyMap<string, IssuerKey>;

const MAX_KEYS = 64;
const MAX_KID_LENGTH = 256;
const MIN_RSA_BITS = 2_048;

const text = Type.Optional(Type.String());
const Jwk = Type.Object({
  kty: Type.String(),
  kid: text,
  use: text,
  alg: text,
  crv: text,
  n: text,
  e: text,
  x: text,
  y: text,
  key_ops: Type.Optional(Type.Array(Type.String())),
});
type Jwk = Static<typeof Jwk>;

const JwkSet = Type.Object({ keys: Type.Array(Type.Unknown(), { maxItems: MAX_KEYS }) });

const rsa = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
const algorithmsOfCurve: Readonly<Record<string, readonly string[]>> = {
  "EC/P-256": ["ES256"],
  "EC/P-384": ["ES384"],
  "EC/P-521": ["ES512"],
  "OKP/Ed25519": ["EdDSA"],
};

/**
 * Reads a JWKS (RFC 7517 §5). A key that is not for signatures, is of another type than the
 * issuer's pinned algorithms take, or cannot be read is left out, as the RFC asks; of two with
 * one `kid` the first counts.
 *
 * @throws when the document is not a JWKS. One without any key that can be used is an empty set:
 *   an issuer that withdraws all its keys must be believed.
 */
export function readKeySet(document: unknown, issuer: IssuerConfig, previous: KeySet): KeySet {
  const { keys } = Value.Parse(JwkSet, document);
  const found = new Map<string, IssuerKey>();
  for (const candidate of keys) {
    if (!Value.Check(Jwk, candidate)) continue;
    const kid = candidate.kid ?? "";
    if (kid.length > MAX_KID_LENGTH || found.has(kid)) continue;
    const key = readKey(candidate, issuer, previous.get(kid));
    if (key !== null) found.set(kid, key);
  }
  return found;
}

function readKey(
  jwk: Jwk,
  issuer: IssuerConfig,
  previous: IssuerKey | undefined,
): IssuerKey | null {
  const algorithms = algorithmsFor(jwk, issuer);
  if (algorithms.length === 0) return null;
  const { kty, crv, n, e, x, y, kid, alg } = jwk;
  const source = JSON.stringify([kid, alg, kty, crv, n, e, x, y]);
  if (previous?.source === source) return previous;
  try {
    // Its public members alone: an issuer that publishes more must not make it a private key.
    const members = { kty, crv, n, e, x, y };
    const key = createPublicKey({ key: JSON.parse(JSON.stringify(members)), format: "jwk" });
    const bits = key.asymmetricKeyDetails?.modulusLength ?? MIN_RSA_BITS;
    if (bits < MIN_RSA_BITS) return null;
    const verify = createVerifier({
      key: key.export({ type: "spki", format: "pem" }),
      algorithms,
      allowedIss: issuer.issuer,
      allowedAud: issuer.audience,
      requiredClaims: ["iss", "aud", "exp"],
      ignoreExpiration: true,
      ignoreNotBefore: true,
      cache: false,
    });
    return { source, verify: (token) => claimsOf(verify(token)) };
  } catch {
    return null;
  }
}

/** The issuer's pinned algorithms, as far as this key is for them. */
function algorithmsFor(jwk: Jwk, { algorithms }: IssuerConfig): Algorithm[] {
  if (jwk.use !== undefined && jwk.use !== "sig") return [];
  if (jwk.key_ops !== undefined && !jwk.key_ops.includes("verify")) return [];
  const ofType = jwk.kty === "RSA" ? rsa : (algorithmsOfCurve[`${jwk.kty}/${jwk.crv}`] ?? []);
  return algorithms.filter(
    (algorithm) => ofType.includes(algorithm) && (jwk.alg === undefined || jwk.alg === algorithm),
  );
}

function claimsOf(payload: unknown): Record<string, unknown> {
  if (typeof payload === "object" && payload !== null) return { ...payload };
  throw new Error("the token's payload is no object");
}

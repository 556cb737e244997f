/** Tokens signed by hand: a library's signer refuses half of what attackers send. */
import { constants, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

export interface SigningKey {
  readonly kid: string;
  readonly algorithm: "RS256" | "RS512" | "PS256" | "ES256" | "EdDSA";
  readonly privatePem: string;
  readonly publicPem: string;
  readonly jwk: Record<string, unknown>;
}

function pem(key: KeyObject, type: "spki" | "pkcs8"): string {
  return key.export({ type, format: "pem" }).toString();
}

export function newKey(kid: string, algorithm: "RS256" | "PS256" | "ES256" | "EdDSA" = "ES256") {
  const pair =
    algorithm === "ES256"
      ? generateKeyPairSync("ec", { namedCurve: "P-256" })
      : algorithm === "EdDSA"
        ? generateKeyPairSync("ed25519")
        : generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const key: SigningKey = {
    kid,
    algorithm,
    privatePem: pem(pair.privateKey, "pkcs8"),
    publicPem: pem(pair.publicKey, "spki"),
    jwk: { ...pair.publicKey.export({ format: "jwk" }), kid, alg: algorithm, use: "sig" },
  };
  return key;
}

function signature(algorithm: SigningKey["algorithm"], key: string, input: string): string {
  const digest = algorithm === "EdDSA" ? null : `sha${algorithm.slice(2)}`;
  const padding = algorithm.startsWith("PS")
    ? constants.RSA_PKCS1_PSS_PADDING
    : constants.RSA_PKCS1_PADDING;
  const options = algorithm.startsWith("ES")
    ? { key, dsaEncoding: "ieee-p1363" as const }
    : algorithm === "EdDSA"
      ? { key }
      : { key, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  return sign(digest, Buffer.from(input), options).toString("base64url");
}

/** A token of these claims, and whatever header besides `alg` and `kid`. */
export function signToken(
  { kid, algorithm, privatePem }: SigningKey,
  claims: object,
  header: object = {},
): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const input = `${part({ alg: algorithm, kid, ...header })}.${part(claims)}`;
  return `${input}.${signature(algorithm, privatePem, input)}`;
}

/** An identity provider on loopback: discovery, JWKS, real keys that rotate, and a way to go down. */
import { constants, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { createServer } from "node:http";
import { listen } from "../../../listen.ts";

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

/** By hand: a library's signer refuses half of what attackers send. */
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

export interface TestIssuer extends AsyncDisposable {
  readonly url: string;
  /** What the JWKS holds; change it to rotate. */
  keys: Record<string, unknown>[];
  /** Answers 503 to everything. */
  isDown: boolean;
  /** Requests for the JWKS so far. */
  readonly fetches: () => number;
  /** Signs claims over those of a good token. */
  sign(key: SigningKey, claims?: object, header?: object): string;
}

export const audience = "weir";

export async function startIssuer(nowMs: () => number): Promise<TestIssuer> {
  let fetches = 0;
  const server = createServer((request, response) => {
    if (issuer.isDown) {
      response.writeHead(503).end();
      return;
    }
    response.setHeader("content-type", "application/json");
    if (request.url === "/.well-known/openid-configuration") {
      const { url } = issuer;
      response.end(JSON.stringify({ issuer: url, jwks_uri: `${url}/jwks` }));
      return;
    }
    fetches += 1;
    response.end(JSON.stringify({ keys: issuer.keys }));
  });
  const { port } = await listen(server, { host: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${port}`;
  const issuer: TestIssuer = {
    url,
    keys: [],
    isDown: false,
    fetches: () => fetches,
    sign: ({ kid, algorithm, privatePem }, claims = {}, header = {}) => {
      const iat = Math.floor(nowMs() / 1000);
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
      const body = { iss: url, aud: audience, sub: "ada", iat, exp: iat + 300, ...claims };
      const input = `${part({ alg: algorithm, kid, ...header })}.${part(body)}`;
      return `${input}.${signature(algorithm, privatePem, input)}`;
    },
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
  return issuer;
}

import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import {
  exportJWK,
  generateKeyPair,
  type GenerateKeyPairResult,
  type JWTPayload,
  SignJWT,
} from "jose";

interface Key extends GenerateKeyPairResult {
  readonly kid: string;
}

interface Grant {
  readonly challenge: string;
  readonly nonce: string;
  readonly redirectUri: string;
  readonly claims: JWTPayload;
}

export const clientId = "weir";

/**
 * An identity provider that does as it is told, also what no honest one would: the honest one is
 * in the system tests.
 */
export interface TestProvider extends AsyncDisposable {
  readonly issuer: string;
  /** Signs somebody in who was sent to `url`: the query with which the browser comes back. */
  readonly approve: (url: string, claims: JWTPayload) => URLSearchParams;
  readonly rotateKeys: () => Promise<void>;
  readonly logoutToken: (options: LogoutOptions) => Promise<string>;
  readonly stop: () => Promise<void>;
}

export interface LogoutOptions {
  readonly nowMs: number;
  readonly claims: JWTPayload;
  readonly audience?: string;
  readonly issuer?: string;
  /** Signed by a key that the provider does not have. */
  readonly isForged?: boolean;
}

async function newKey(): Promise<Key> {
  return { kid: randomUUID(), ...(await generateKeyPair("RS256")) };
}

function sign(payload: JWTPayload, key: Key, type: string): Promise<string> {
  const header = { alg: "RS256", kid: key.kid, typ: type };
  return new SignJWT(payload).setProtectedHeader(header).sign(key.privateKey);
}

function metadataOf(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    end_session_endpoint: `${issuer}/end`,
    authorization_response_iss_parameter_supported: true,
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
  };
}

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return new URLSearchParams(text);
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

export async function createTestProvider(): Promise<TestProvider> {
  let key = await newKey();
  const grants = new Map<string, Grant>();
  const server = createServer((request, response) => {
    void respond(request, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("it does not listen");
  const issuer = `http://127.0.0.1:${address.port}`;

  async function exchange(form: URLSearchParams): Promise<object | null> {
    const grant = grants.get(form.get("code") ?? "");
    grants.delete(form.get("code") ?? "");
    const verifier = form.get("code_verifier") ?? "";
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    if (grant?.challenge !== challenge || grant.redirectUri !== form.get("redirect_uri"))
      return null;
    const iat = Math.floor(Date.now() / 1000);
    const times = { iss: issuer, aud: clientId, iat, exp: iat + 300, nonce: grant.nonce };
    const idToken = await sign({ ...times, ...grant.claims }, key, "JWT");
    return { access_token: randomUUID(), token_type: "Bearer", id_token: idToken };
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === "/.well-known/openid-configuration")
      return answer(response, 200, metadataOf(issuer));
    if (request.url === "/jwks") {
      const jwk = { ...(await exportJWK(key.publicKey)), kid: key.kid, use: "sig", alg: "RS256" };
      return answer(response, 200, { keys: [jwk] });
    }
    if (request.url !== "/token") return answer(response, 404, {});
    const tokens = await exchange(await bodyOf(request));
    return answer(response, tokens === null ? 400 : 200, tokens ?? { error: "invalid_grant" });
  }

  const stop = async () => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  };
  return {
    issuer,
    approve: (url, claims) => {
      const asked = new URL(url).searchParams;
      const [challenge, nonce, state, redirectUri] = [
        "code_challenge",
        "nonce",
        "state",
        "redirect_uri",
      ].map((name) => asked.get(name) ?? "");
      const code = randomUUID();
      grants.set(code, {
        challenge: challenge ?? "",
        nonce: nonce ?? "",
        redirectUri: redirectUri ?? "",
        claims,
      });
      return new URLSearchParams({ code, state: state ?? "", iss: issuer });
    },
    rotateKeys: async () => {
      key = await newKey();
    },
    logoutToken: async ({ nowMs, claims, audience, issuer: said, isForged }) => {
      const iat = Math.floor(nowMs / 1000);
      const events = { "http://schemas.openid.net/event/backchannel-logout": {} };
      const times = { iss: said ?? issuer, aud: audience ?? clientId, iat, exp: iat + 120 };
      const signer = isForged === true ? { ...(await newKey()), kid: key.kid } : key;
      return sign({ ...times, jti: randomUUID(), events, ...claims }, signer, "logout+jwt");
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

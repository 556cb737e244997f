/** An identity provider on loopback: discovery, JWKS, real keys that rotate, and a way to go down. */
import { once } from "node:events";
import { createServer } from "node:http";
import { type SigningKey, signToken } from "./sign-token.ts";

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
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const url = `http://127.0.0.1:${address.port}`;
  const issuer: TestIssuer = {
    url,
    keys: [],
    isDown: false,
    fetches: () => fetches,
    sign: (key, claims = {}, header = {}) => {
      const iat = Math.floor(nowMs() / 1000);
      const good = { iss: url, aud: audience, sub: "ada", iat, exp: iat + 300 };
      return signToken(key, { ...good, ...claims }, header);
    },
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
  return issuer;
}

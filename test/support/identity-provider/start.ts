import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import OidcProvider, { type Configuration } from "oidc-provider";

/** An account's claims besides `sub`; its login is its id, and any password will do. */
export type Accounts = Readonly<
  Record<string, { readonly name: string; readonly groups: string[] }>
>;

export interface RunningProvider {
  readonly issuer: string;
  readonly clientSecret: string;
  /** Changes what accounts have from the next sign-in on. */
  accounts: Accounts;
  /** Tells it where Weir is; nothing is answered before. */
  readonly serve: (consoleUrl: string) => Promise<void>;
  /** Signs with a new key from now on, and forgets the former. */
  readonly rotateKeys: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const clientSecret = "the-secret-of-weir-at-the-test-provider";

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  return { ...(await exportJWK(privateKey)), use: "sig", alg: "RS256" };
}

function configurationOf(consoleUrl: string, key: JWK, accounts: () => Accounts): Configuration {
  return {
    clients: [
      {
        client_id: "weir",
        client_secret: clientSecret,
        redirect_uris: [`${consoleUrl}/auth/callback`],
        post_logout_redirect_uris: [`${consoleUrl}/signed-out`],
        backchannel_logout_uri: `${consoleUrl}/auth/backchannel-logout`,
        backchannel_logout_session_required: true,
      },
    ],
    jwks: { keys: [key] },
    cookies: { keys: ["a-key-for-cookies-in-tests"] },
    scopes: ["openid", "profile", "groups"],
    claims: { openid: ["sub"], profile: ["name", "preferred_username"], groups: ["groups"] },
    features: { backchannelLogout: { enabled: true }, devInteractions: { enabled: true } },
    // By default it calls no address of this machine, and so no Weir that is tested here.
    fetch: (url, options) => {
      const kept = Object.entries(options ?? {}).filter(([name]) => name !== "dispatcher");
      return fetch(url, Object.fromEntries(kept));
    },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, preferred_username: id, ...accounts()[id] }),
    }),
  };
}

/** Starts `oidc-provider` on loopback: the real thing, with its own pages to log in. */
export async function startIdentityProvider(accounts: Accounts): Promise<RunningProvider> {
  let listener: RequestListener = (_request, response) => response.writeHead(503).end();
  const server = createServer((request, response) => listener(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("it does not listen");
  const issuer = `http://127.0.0.1:${address.port}`;
  let consoleUrl = "";
  // What it has stored outlives the instance: its memory is the module's.
  const rebuild = async () => {
    const configuration = configurationOf(consoleUrl, await newKey(), () => running.accounts);
    const answer = new OidcProvider(issuer, configuration).callback();
    listener = (request, response) => {
      void answer(request, response).catch(() => response.destroy());
    };
  };
  const running: RunningProvider = {
    issuer,
    clientSecret,
    accounts,
    serve: async (url) => {
      consoleUrl = url;
      await rebuild();
    },
    rotateKeys: rebuild,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
  return running;
}

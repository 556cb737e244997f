import * as client from "openid-client";
import type { Claims, OidcConfig } from "./claims.ts";
import { loginSecretsOf } from "./login-secrets.ts";
import { SignInRefusal } from "./sign-in-refusal.ts";

const timeoutSeconds = 10;
const metadataMaxAgeMs = 60_000;
// Above this a cookie's owner signs out at the provider without a hint.
const maxIdTokenLength = 16_384;

export interface ProviderOptions {
  readonly oidc: OidcConfig;
  readonly clientSecret: string | null;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** What is kept of an answer whose every check has passed. */
export interface VerifiedAnswer {
  readonly claims: Claims & { readonly iss: string; readonly sub: string };
  readonly sid: string | null;
  readonly idToken: string | null;
}

/** What a sign-in that a browser has begun is known by. */
export interface LoginUnderWay {
  readonly state: string;
  /** Of the browser's cookie. */
  readonly secret: string;
  readonly redirectUri: string;
}

/** Weir as a client of the identity provider. */
export class IdentityProvider {
  readonly #options: ProviderOptions;
  #known: { readonly metadata: client.ServerMetadata; readonly atMs: number } | null = null;
  #asking: Promise<client.ServerMetadata> | null = null;

  constructor(options: ProviderOptions) {
    this.#options = options;
  }

  /**
   * What the provider says of itself, at most a minute old: while it is down, nobody is sent there.
   *
   * @throws {SignInRefusal} WEIR_IDENTITY_PROVIDER_UNAVAILABLE.
   */
  async metadata(): Promise<client.ServerMetadata> {
    const { now } = this.#options;
    if (this.#known !== null && now() - this.#known.atMs < metadataMaxAgeMs)
      return this.#known.metadata;
    this.#asking ??= this.#discover().finally(() => {
      this.#asking = null;
    });
    const metadata = await this.#asking;
    this.#known = { metadata, atMs: now() };
    return metadata;
  }

  /** Where to send the browser: authorization code with PKCE (RFC 7636), state and nonce. */
  async authorizationUrl({ state, secret, redirectUri }: LoginUnderWay): Promise<URL> {
    const { codeVerifier, nonce } = loginSecretsOf(secret);
    return client.buildAuthorizationUrl(await this.#configuration(), {
      redirect_uri: redirectUri,
      scope: this.#options.oidc.scopes.join(" "),
      response_type: "code",
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: "S256",
    });
  }

  /**
   * Checks the answer that a browser has brought (`iss` by RFC 9207 and `state`), exchanges its
   * code, and checks the ID token: signature, issuer, audience, times, nonce.
   *
   * @throws {SignInRefusal}
   */
  async exchange(query: string, login: LoginUnderWay): Promise<VerifiedAnswer> {
    const configuration = await this.#configuration();
    const { codeVerifier, nonce } = loginSecretsOf(login.secret);
    try {
      const tokens = await client.authorizationCodeGrant(
        configuration,
        new URL(`${login.redirectUri}${query}`),
        {
          expectedState: login.state,
          expectedNonce: nonce,
          pkceCodeVerifier: codeVerifier,
          idTokenExpected: true,
        },
      );
      const idClaims = tokens.claims();
      if (idClaims === undefined) throw new Error("there is no ID token");
      const claims = await this.#complete(configuration, idClaims, tokens.access_token);
      const { sid } = idClaims;
      const idToken = tokens.id_token ?? "";
      return {
        claims,
        sid: typeof sid === "string" ? sid : null,
        idToken: idToken.length > maxIdTokenLength ? null : idToken,
      };
    } catch (error) {
      throw refusalOf(error);
    }
  }

  /** Where to sign out at the provider; null when it has no such place, or is not to be told. */
  async endSessionUrl(idToken: string | null, returnTo: string): Promise<URL | null> {
    if (this.#options.oidc.signOut === "weir") return null;
    const configuration = await this.#configuration();
    if (configuration.serverMetadata().end_session_endpoint === undefined) return null;
    return client.buildEndSessionUrl(configuration, {
      post_logout_redirect_uri: returnTo,
      ...(idToken !== null && { id_token_hint: idToken }),
    });
  }

  /** Some providers put no more than `sub` into ID tokens, and the rest at the userinfo endpoint. */
  async #complete(
    configuration: client.Configuration,
    idClaims: client.IDToken,
    accessToken: string,
  ): Promise<VerifiedAnswer["claims"]> {
    const { personClaim, nameClaim, groupsClaim } = this.#options.oidc;
    const isComplete = [personClaim, nameClaim, groupsClaim].every((name) => name in idClaims);
    const { userinfo_endpoint: endpoint } = configuration.serverMetadata();
    if (isComplete || endpoint === undefined) return idClaims;
    const more = await client.fetchUserInfo(configuration, accessToken, idClaims.sub);
    return { ...more, ...idClaims };
  }

  /** One for each use: its keys are then those of now, also just after a rotation. */
  async #configuration(): Promise<client.Configuration> {
    const metadata = await this.metadata();
    const { oidc, clientSecret } = this.#options;
    const auth = clientSecret === null ? client.None() : secretAuth(metadata, clientSecret);
    const configuration = new client.Configuration(metadata, oidc.clientId, undefined, auth);
    configuration.timeout = timeoutSeconds;
    client.enableNonRepudiationChecks(configuration);
    if (isPlain(oidc.issuer)) client.allowInsecureRequests(configuration);
    return configuration;
  }

  async #discover(): Promise<client.ServerMetadata> {
    const { issuer, clientId } = this.#options.oidc;
    try {
      const found = await client.discovery(new URL(issuer), clientId, undefined, client.None(), {
        timeout: timeoutSeconds,
        execute: isPlain(issuer) ? [client.allowInsecureRequests] : [],
      });
      return found.serverMetadata();
    } catch (error) {
      throw new SignInRefusal("WEIR_IDENTITY_PROVIDER_UNAVAILABLE", { cause: error });
    }
  }
}

/** Only ever an address of this machine: the configuration admits no other. */
function isPlain(issuer: string): boolean {
  return issuer.startsWith("http:");
}

function secretAuth(metadata: client.ServerMetadata, secret: string): client.ClientAuth {
  const methods = metadata.token_endpoint_auth_methods_supported;
  const isBasic = methods === undefined || methods.includes("client_secret_basic");
  return isBasic ? client.ClientSecretBasic(secret) : client.ClientSecretPost(secret);
}

function refusalOf(error: unknown): SignInRefusal {
  if (error instanceof SignInRefusal) return error;
  const cause = { cause: error };
  if (error instanceof client.AuthorizationResponseError)
    return new SignInRefusal("WEIR_SIGN_IN_REFUSED", cause);
  if (error instanceof client.ResponseBodyError && error.error === "invalid_grant")
    return new SignInRefusal("WEIR_SIGN_IN_EXPIRED", cause);
  return new SignInRefusal(
    isOutage(error) ? "WEIR_IDENTITY_PROVIDER_UNAVAILABLE" : "WEIR_SIGN_IN_INVALID",
    cause,
  );
}

/** Whether the provider did not answer, or with a fault of its own. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof client.ResponseBodyError) return error.status >= 500;
  const code = "code" in error ? error.code : "";
  if (code === "OAUTH_TIMEOUT" || code === "OAUTH_ABORT") return true;
  // What `fetch` rejects with, as it is or as the cause of the library's own error.
  return [error, error.cause].some(
    (each) => each instanceof TypeError && each.message === "fetch failed",
  );
}

import { hash } from "node:crypto";
import { Refusal } from "../../refusal.ts";
import type { ActiveSnapshot } from "../../snapshot/active-snapshot.ts";
import type { Authenticated, KeysAwaited } from "../authenticated.ts";
import { callerOf, type Services } from "./caller-of.ts";
import { readClaims, tokenInvalid, type VerifiedClaims } from "./claims.ts";
import type { IssuerKeys } from "./issuer-keys.ts";
import type { IssuerConfig, IssuerKey } from "./key-set.ts";
import { TokenCache, type VerifiedToken } from "./token-cache.ts";
import { readUnverified } from "./unverified.ts";

/** Larger ones come of group lists; a head of 16 KB holds no more than two such tokens. */
const MAX_TOKEN_LENGTH = 8_192;
const MAX_CACHED_TOKENS = 10_000;

export type TokenCheck = "cached" | "verified" | "refused";

export interface TrustedIssuer {
  readonly config: IssuerConfig;
  readonly keys: Pick<IssuerKeys, "find" | "areGood" | "refetch">;
}

/** Judges tokens by the keys at hand, without asking anybody. */
export class TokenAuthority {
  readonly #issuers: ReadonlyMap<string, TrustedIssuer>;
  readonly #byName: ReadonlyMap<string, TrustedIssuer>;
  readonly #services: Services;
  readonly #cache: TokenCache;
  readonly #onCheck: (check: TokenCheck) => void;

  constructor(options: {
    readonly issuers: readonly TrustedIssuer[];
    readonly services: Services;
    readonly onCheck: (check: TokenCheck) => void;
    readonly maxCached?: number;
  }) {
    this.#issuers = new Map(options.issuers.map((each) => [each.config.issuer, each]));
    this.#byName = new Map(options.issuers.map((each) => [each.config.name, each]));
    this.#services = options.services;
    this.#cache = new TokenCache(options.maxCached ?? MAX_CACHED_TOKENS);
    this.#onCheck = options.onCheck;
  }

  /**
   * Whom a token stands for, or that keys have to be fetched before that can be said.
   *
   * @throws Refusal WEIR_TOKEN_INVALID, WEIR_TOKEN_PERSON_UNKNOWN, WEIR_TOKEN_TEAM_UNKNOWN,
   *   WEIR_IDENTITY_UNAVAILABLE
   */
  judge(token: string, snapshot: ActiveSnapshot, nowMs: number): Authenticated | KeysAwaited {
    try {
      return this.#judge(token, snapshot, nowMs);
    } catch (thrown) {
      this.#onCheck("refused");
      throw thrown;
    }
  }

  #judge(token: string, snapshot: ActiveSnapshot, nowMs: number): Authenticated | KeysAwaited {
    if (token.length > MAX_TOKEN_LENGTH) throw tokenInvalid("The token is too long.");
    const digest = hash("sha256", token, "hex");
    const cached = this.#cached(digest, nowMs);
    if (cached !== null) {
      this.#onCheck("cached");
      return this.#callerOf(cached, snapshot);
    }
    const told = readUnverified(token);
    const trusted = told === null ? undefined : this.#issuers.get(told.issuer);
    if (told === null || trusted === undefined) {
      throw tokenInvalid("The token is not of an issuer that this gateway knows.");
    }
    const key = trusted.keys.find(told.kid);
    if (key === undefined) return awaitKeys(trusted);
    const claims = verify(token, key, trusted.config, nowMs);
    const verified: VerifiedToken = { claims, issuerName: trusted.config.name, kid: told.kid, key };
    const caller = this.#callerOf(verified, snapshot);
    // Only now: tokens of nobody are not to push others out.
    this.#cache.set(digest, verified);
    this.#onCheck("verified");
    return caller;
  }

  /** A verified token, if it is still in its time and its key still one of the issuer's. */
  #cached(digest: string, nowMs: number): VerifiedToken | null {
    const found = this.#cache.get(digest);
    if (found === undefined) return null;
    const keys = this.#byName.get(found.issuerName)?.keys;
    if (nowMs < found.claims.expiresAtMs && keys?.find(found.kid) === found.key) return found;
    this.#cache.delete(digest);
    return null;
  }

  #callerOf(token: VerifiedToken, snapshot: ActiveSnapshot): Authenticated {
    if (token.known?.snapshot === snapshot) return token.known.caller;
    const caller = callerOf(token.claims, token.issuerName, this.#services, snapshot);
    token.known = { snapshot, caller };
    return caller;
  }
}

function awaitKeys({ config, keys }: TrustedIssuer): KeysAwaited {
  const keysFetched = keys.refetch();
  if (keysFetched !== null) return { keysFetched };
  if (keys.areGood) {
    throw tokenInvalid("The token is signed with a key that its issuer does not publish.");
  }
  throw new Refusal("WEIR_IDENTITY_UNAVAILABLE", {
    message: `The keys of the identity provider '${config.name}' cannot be fetched, so its tokens cannot be checked. Try again shortly.`,
  });
}

function verify(
  token: string,
  key: IssuerKey,
  issuer: IssuerConfig,
  nowMs: number,
): VerifiedClaims {
  let payload;
  try {
    payload = key.verify(token);
  } catch (error) {
    throw tokenInvalid(
      "The token's signature, algorithm or audience is not what this gateway accepts.",
      error,
    );
  }
  return readClaims(payload, issuer, nowMs);
}

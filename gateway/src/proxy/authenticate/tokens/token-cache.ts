import type { Authenticated } from "../authenticated.ts";
import type { ActiveSnapshot } from "../../snapshot/active-snapshot.ts";
import type { VerifiedClaims } from "./claims.ts";
import type { IssuerKey } from "./key-set.ts";

/** A token that has been verified, without the token. */
export interface VerifiedToken {
  readonly claims: VerifiedClaims;
  readonly issuerName: string;
  readonly kid: string;
  /** Its signature was made with this very key. */
  readonly key: IssuerKey;
  /** Whom it stands for in the snapshot of the last call. */
  known?: { readonly snapshot: ActiveSnapshot; readonly caller: Authenticated };
}

/** Verified tokens by their SHA-256, so many at most: the one unused longest goes first. */
export class TokenCache {
  readonly #entries = new Map<string, VerifiedToken>();
  readonly #maxEntries: number;

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(digest: string): VerifiedToken | undefined {
    const found = this.#entries.get(digest);
    if (found === undefined) return undefined;
    this.#entries.delete(digest);
    this.#entries.set(digest, found);
    return found;
  }

  set(digest: string, token: VerifiedToken): void {
    this.#entries.delete(digest);
    const oldest = this.#entries.keys().next();
    if (this.#entries.size >= this.#maxEntries && oldest.done !== true) {
      this.#entries.delete(oldest.value);
    }
    this.#entries.set(digest, token);
  }

  delete(digest: string): void {
    this.#entries.delete(digest);
  }
}

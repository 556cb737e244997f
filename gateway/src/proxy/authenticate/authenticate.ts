import { keyHash, looksLikeKey } from "../../identity/virtual-key.ts";
import { Refusal } from "../refusal.ts";
import type { ActiveSnapshot } from "../snapshot/active-snapshot.ts";
import type { Caller } from "../exchange.ts";
import type { Authenticated, KeysAwaited } from "./authenticated.ts";
import type { CertificateAuthority } from "./certificates/certificate-authority.ts";
import { findCredential } from "./credential.ts";
import type { TokenAuthority } from "./tokens/token-authority.ts";
import { judgeDelegated } from "./delegation/judge-delegated.ts";
import { looksLikeToken, readUnverified } from "./tokens/unverified.ts";

/** What credentials are held against. */
export interface Authorities {
  readonly snapshot: ActiveSnapshot;
  /** Null = no issuer of tokens is configured. */
  readonly tokens: Pick<TokenAuthority, "judge"> | null;
  /** Null = client certificates are not asked for. */
  readonly certificates: Pick<CertificateAuthority, "judge"> | null;
}

/**
 * Finds whom a verified credential stands for. Nothing after this stage asks how.
 *
 * @throws Refusal WEIR_KEY_MISSING, WEIR_KEY_INVALID, and those of {@link TokenAuthority.judge}
 * and {@link CertificateAuthority.judge}; WEIR_NOT_READY before the first snapshot, when nothing is
 * known of any key: clients drop a key for good that is called invalid.
 */
export function authenticate(
  caller: Pick<Caller, "headers" | "query" | "certificate">,
  { snapshot, tokens, certificates }: Authorities,
  nowMs: number,
): Authenticated | KeysAwaited {
  const credential = findCredential(caller.headers, caller.query);
  const { certificate = null } = caller;
  // What is sent with the call says more than what the connection was made with.
  const shown = credential === null && certificates !== null ? certificate : null;
  if (credential === null && shown === null) throw new Refusal("WEIR_KEY_MISSING");
  if (snapshot.version === "") throw new Refusal("WEIR_NOT_READY");
  if (certificates !== null && shown !== null) return certificates.judge(shown, snapshot, nowMs);
  return judgeSent(credential ?? "", { snapshot, tokens }, nowMs);
}

function judgeSent(
  credential: string,
  { snapshot, tokens }: Pick<Authorities, "snapshot" | "tokens">,
  nowMs: number,
): Authenticated | KeysAwaited {
  const { delegation = null } = snapshot;
  if (delegation !== null && looksLikeToken(credential)) {
    const issuer = readUnverified(credential)?.issuer;
    // Tokens of our own are held against our own keys, and never against anybody else's.
    if (issuer === delegation.issuer) return judgeDelegated(credential, delegation, nowMs);
  }
  if (tokens !== null && looksLikeToken(credential)) {
    return tokens.judge(credential, snapshot, nowMs);
  }
  if (!looksLikeKey(credential)) throw new Refusal("WEIR_KEY_INVALID");
  const key = snapshot.keys.get(keyHash(credential));
  if (key === undefined) throw new Refusal("WEIR_KEY_INVALID");
  if (key.expiresAtMs !== null && key.expiresAtMs <= nowMs) throw new Refusal("WEIR_KEY_INVALID");
  return key;
}

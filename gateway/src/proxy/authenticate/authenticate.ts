import type { IncomingHttpHeaders } from "node:http";
import type { Principal } from "../../contracts/principal.ts";
import { keyHash, looksLikeKey } from "../../identity/virtual-key.ts";
import { Refusal } from "../refusal.ts";
import type { ActiveSnapshot } from "../snapshot/active-snapshot.ts";
import { findCredential } from "./credential.ts";

/**
 * Names the principal that a verified credential stands for. Nothing after this stage asks how.
 *
 * @throws Refusal WEIR_KEY_MISSING, WEIR_KEY_INVALID
 */
export function authenticate(
  headers: IncomingHttpHeaders,
  snapshot: ActiveSnapshot,
  nowMs: number,
): Principal {
  const credential = findCredential(headers);
  if (credential === null) throw new Refusal("WEIR_KEY_MISSING");
  if (!looksLikeKey(credential)) throw new Refusal("WEIR_KEY_INVALID");
  const key = snapshot.keys.get(keyHash(credential));
  if (key === undefined) throw new Refusal("WEIR_KEY_INVALID");
  if (key.expiresAtMs !== null && key.expiresAtMs <= nowMs) throw new Refusal("WEIR_KEY_INVALID");
  return key.principal;
}

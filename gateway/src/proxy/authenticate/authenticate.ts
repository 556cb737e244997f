import type { IncomingHttpHeaders } from "node:http";
import type { SnapshotKey } from "../../contracts/snapshot.ts";
import { keyHash, looksLikeKey } from "../../identity/virtual-key.ts";
import { Refusal } from "../refusal.ts";
import type { ActiveSnapshot } from "../snapshot/active-snapshot.ts";
import { findCredential } from "./credential.ts";

/**
 * Finds the key that a verified credential stands for, and with it the principal. Nothing after
 * this stage asks how.
 *
 * @throws Refusal WEIR_KEY_MISSING, WEIR_KEY_INVALID; WEIR_NOT_READY before the first snapshot, when
 * nothing is known of any key: clients drop a key for good that is called invalid.
 */
export function authenticate(
  caller: { readonly headers: IncomingHttpHeaders; readonly query: string },
  snapshot: ActiveSnapshot,
  nowMs: number,
): SnapshotKey {
  const credential = findCredential(caller.headers, caller.query);
  if (credential === null) throw new Refusal("WEIR_KEY_MISSING");
  if (!looksLikeKey(credential)) throw new Refusal("WEIR_KEY_INVALID");
  if (snapshot.version === "") throw new Refusal("WEIR_NOT_READY");
  const key = snapshot.keys.get(keyHash(credential));
  if (key === undefined) throw new Refusal("WEIR_KEY_INVALID");
  if (key.expiresAtMs !== null && key.expiresAtMs <= nowMs) throw new Refusal("WEIR_KEY_INVALID");
  return key;
}

import { createPublicKey } from "node:crypto";
import { createVerifier } from "fast-jwt";
import type { SigningKey, SnapshotGrant } from "../../contracts/delegation.ts";
import type { Snapshot } from "../../contracts/snapshot.ts";
import type { Authenticated } from "../authenticate/authenticated.ts";

/** A token that has been judged under this very snapshot. */
export interface JudgedToken {
  readonly caller: Authenticated;
  readonly fromMs: number;
  readonly expiresAtMs: number;
}

/** What tokens of Weir's own are held against. */
export interface ActiveDelegation {
  readonly issuer: string;
  readonly resource: string;
  /** By `kid`: checks signature, algorithm, type, issuer and audience; throws. */
  readonly verifiers: ReadonlyMap<string, (token: string) => unknown>;
  readonly grants: ReadonlyMap<string, SnapshotGrant>;
  /** Lines of keys, at least one of which is live, with the agent that has them. */
  readonly agentsByLineage: ReadonlyMap<string, string>;
  readonly services: ReadonlySet<string>;
  /** By digest; gone with the snapshot, and so never older than a revocation. */
  readonly judged: Map<string, JudgedToken>;
}

/** @throws for keys that cannot be read: the caller keeps the snapshot it has. */
export function activateDelegation({ delegation, keys }: Snapshot): ActiveDelegation | null {
  if (delegation === undefined) return null;
  const { issuer, resource, services } = delegation;
  const lineages = keys.flatMap(({ principal: { keyId, agentId, onBehalfOf } }) =>
    agentId === undefined || onBehalfOf === undefined
      ? []
      : [[keyId, `${onBehalfOf}/${agentId}`] as const],
  );
  return {
    issuer,
    resource,
    verifiers: new Map(
      delegation.keys.map((key) => [key.kid, verifierOf(key, issuer, resource)] as const),
    ),
    grants: new Map(delegation.grants.map((grant) => [grant.id, grant])),
    agentsByLineage: new Map(lineages),
    services: new Set(services),
    judged: new Map(),
  };
}

function verifierOf(key: SigningKey, issuer: string, resource: string) {
  const { kty, crv, x } = key;
  const publicKey = createPublicKey({ key: { kty, crv, x }, format: "jwk" });
  return createVerifier({
    key: publicKey.export({ type: "spki", format: "pem" }),
    algorithms: ["EdDSA"],
    checkTyp: "at+jwt",
    allowedIss: issuer,
    allowedAud: resource,
    requiredClaims: ["iss", "aud", "exp", "sub", "grant", "act"],
    ignoreExpiration: true,
    ignoreNotBefore: true,
    cache: false,
  });
}

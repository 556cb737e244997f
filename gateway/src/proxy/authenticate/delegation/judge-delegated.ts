import { hash } from "node:crypto";
import { Value } from "typebox/value";
import {
  chainOf,
  DelegatedClaims,
  type ActorClaim,
  type SnapshotGrant,
} from "../../../contracts/delegation.ts";
import { grantUsePrefix } from "../../../contracts/key-use.ts";
import type { ActiveDelegation, JudgedToken } from "../../snapshot/activate-delegation.ts";
import type { Authenticated } from "../authenticated.ts";
import { tokenInvalid } from "../tokens/claims.ts";
import { readUnverified } from "../tokens/unverified.ts";

const MAX_TOKEN_LENGTH = 8_192;
const MAX_JUDGED = 10_000;
/** Of another machine's clock, for tokens that say they were made just now. */
const TOLERANCE_MS = 30_000;

/**
 * Whom a token of Weir's own stands for: an agent in a person's name. Everything that it is held
 * against is in the snapshot, so a revoked grant ends it as soon as the proxy knows.
 *
 * @throws Refusal WEIR_TOKEN_INVALID
 */
export function judgeDelegated(
  token: string,
  delegation: ActiveDelegation,
  nowMs: number,
): Authenticated {
  if (token.length > MAX_TOKEN_LENGTH) throw tokenInvalid("The token is too long.");
  const digest = hash("sha256", token, "hex");
  let judged = delegation.judged.get(digest);
  if (judged === undefined) {
    judged = judge(token, delegation, nowMs);
    const oldest = delegation.judged.keys().next();
    if (delegation.judged.size >= MAX_JUDGED && oldest.done !== true)
      delegation.judged.delete(oldest.value);
    delegation.judged.set(digest, judged);
  }
  if (nowMs >= judged.expiresAtMs)
    throw tokenInvalid("The token has expired. Exchange the grant for a new one.");
  if (nowMs < judged.fromMs) throw tokenInvalid("The token is not valid yet.");
  return judged.caller;
}

function judge(token: string, delegation: ActiveDelegation, nowMs: number): JudgedToken {
  const claims = verifiedClaims(token, delegation);
  const grant = delegation.grants.get(claims.grant);
  if (grant === undefined || grant.personId !== claims.sub)
    throw tokenInvalid("What this token was granted by has ended or been revoked.");
  const chain = chainOf(claims.act);
  if (chain.at(-1)?.sub !== grant.agent || chain.length > grant.maxHops + 1)
    throw tokenInvalid("The token has been handed on further than it was granted.");
  if (!chain.every((actor) => isLive(actor, delegation)))
    throw tokenInvalid("An agent that this token goes back to may no longer act.");
  if (claims.iat * 1000 > nowMs + TOLERANCE_MS) throw tokenInvalid("The token is not valid yet.");
  return {
    caller: callerOf(claims, grant),
    fromMs: grant.fromMs,
    expiresAtMs: Math.min(claims.exp * 1000, grant.untilMs),
  };
}

function verifiedClaims(token: string, { verifiers }: ActiveDelegation): DelegatedClaims {
  const verify = verifiers.get(readUnverified(token)?.kid ?? "");
  if (verify === undefined) throw tokenInvalid("The token is not signed by this Weir.");
  let payload: unknown;
  try {
    payload = verify(token);
  } catch (cause) {
    throw tokenInvalid("The token is not one of this Weir for this gateway.", cause);
  }
  if (Value.Check(DelegatedClaims, payload)) return payload;
  throw tokenInvalid("The token does not say in whose name who acts.");
}

function isLive({ sub, key }: ActorClaim, delegation: ActiveDelegation): boolean {
  return key === undefined
    ? delegation.services.has(sub)
    : delegation.agentsByLineage.get(key) === sub;
}

/** The narrower of what the token says and what the person grants as of this snapshot. */
function callerOf(claims: DelegatedClaims, grant: SnapshotGrant): Authenticated {
  const said = claims.scope.split(" ");
  const agentId = nameOf(claims.act.sub, grant.personId);
  const tools = [...(claims.tools ?? []), ...(grant.tools === undefined ? [] : [grant.tools])];
  return {
    principal: {
      id: agentId,
      kind: "agent",
      onBehalfOf: grant.personId,
      agentId,
      teamId: grant.teamId,
      costCenter: grant.costCenter,
      roles: [...grant.roles],
      keyId: `${grantUsePrefix}${grant.id}`,
      assurance: "token",
    },
    secretId: `${grantUsePrefix}${grant.id}`,
    scopes: grant.scopes.filter((scope) => said.includes(scope)),
    ...(grant.models !== undefined && { models: grant.models }),
    ...(claims.models !== undefined && { alsoModels: claims.models }),
    ...(tools.length > 0 && { tools }),
    actors: chainOf(claims.act),
  };
}

/** A person's own agent has the name that it has with a key; another's says whose it is. */
function nameOf(agent: string, personId: string): string {
  return agent.startsWith(`${personId}/`) ? agent.slice(personId.length + 1) : agent;
}

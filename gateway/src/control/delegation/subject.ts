import { decodeProtectedHeader, importJWK, jwtVerify } from "jose";
import { Value } from "typebox/value";
import {
  chainOf,
  DelegatedClaims,
  type ActorClaim,
  type PatternLists,
  type SnapshotGrant,
} from "../../contracts/delegation.ts";
import type { Scope } from "../../contracts/scope.ts";
import type { Store } from "../store/open-store.ts";
import type { DelegationDesk } from "./desk.ts";

/** What may be handed on: a person's consent, or what another agent has been handed already. */
export interface Subject {
  readonly grant: SnapshotGrant;
  readonly scopes: readonly Scope[];
  readonly models: PatternLists;
  readonly tools: PatternLists;
  readonly untilMs: number;
  /** The one audience that it is for; null = any that there is. */
  readonly audience: string | null;
  /** On whose behalf the next one acts; null = the person's own. */
  readonly act: ActorClaim | null;
}

export const subjectTokenTypes = {
  grant: "urn:weir:params:oauth:token-type:grant",
  access: "urn:ietf:params:oauth:token-type:access_token",
  jwt: "urn:ietf:params:oauth:token-type:jwt",
} as const;

interface Context {
  readonly store: Store;
  readonly nowMs: number;
  readonly desk: DelegationDesk;
}

/** Null for everything that cannot be handed on to this agent; nobody learns why. */
export async function findSubject(
  context: Context,
  { token, type }: { readonly token: string; readonly type: string },
  agent: string,
): Promise<Subject | null> {
  const isToken = type === subjectTokenTypes.access || type === subjectTokenTypes.jwt;
  if (isToken) return ofToken(context, token);
  if (type !== subjectTokenTypes.grant) return null;
  const grant = await liveGrant(context, token);
  // A grant is no secret: it is the agent's own credential that makes it good.
  if (grant === null || grant.agent !== agent) return null;
  const { scopes, untilMs } = grant;
  return { grant, scopes, models: [], tools: [], untilMs, audience: null, act: null };
}

async function liveGrant({ desk, nowMs }: Context, id: string): Promise<SnapshotGrant | null> {
  const grants = (await desk.inForce())?.grants ?? [];
  const grant = grants.find((each) => each.id === id);
  return grant !== undefined && grant.fromMs <= nowMs ? grant : null;
}

async function ofToken(context: Context, token: string): Promise<Subject | null> {
  const claims = await verified(context, token);
  if (claims === null) return null;
  const grant = await liveGrant(context, claims.grant);
  if (grant === null || grant.personId !== claims.sub) return null;
  const chain = chainOf(claims.act);
  if (chain.at(-1)?.sub !== grant.agent || chain.length > grant.maxHops) return null;
  if (!(await areLive(context, chain))) return null;
  const said = claims.scope.split(" ");
  return {
    grant,
    scopes: grant.scopes.filter((scope) => said.includes(scope)),
    models: claims.models ?? [],
    tools: claims.tools ?? [],
    untilMs: Math.min(grant.untilMs, claims.exp * 1000),
    audience: claims.aud,
    act: claims.act,
  };
}

/** A token of our own, by our own keys and no other algorithm than theirs. */
async function verified({ desk, nowMs }: Context, token: string): Promise<DelegatedClaims | null> {
  try {
    const { kid } = decodeProtectedHeader(token);
    const key = (await desk.keys.published()).find((each) => each.kid === kid);
    if (key === undefined) return null;
    const { payload } = await jwtVerify(token, await importJWK(key, "EdDSA"), {
      algorithms: ["EdDSA"],
      typ: "at+jwt",
      issuer: desk.issuer(),
      audience: [...desk.resources()],
      currentDate: new Date(nowMs),
    });
    return Value.Check(DelegatedClaims, payload) ? payload : null;
  } catch {
    return null;
  }
}

/** Whoever has acted before still may. */
async function areLive(
  { store, nowMs, desk }: Context,
  chain: readonly ActorClaim[],
): Promise<boolean> {
  for (const { sub, key } of chain) {
    if (key === undefined) {
      if (!desk.services.some(({ id }) => id === sub)) return false;
      continue;
    }
    const row = await store
      .selectFrom("keys")
      .select("id")
      .where("lineageId", "=", key)
      .where("revokedAtMs", "is", null)
      .where((or) => or.or([or("expiresAtMs", "is", null), or("expiresAtMs", ">", nowMs)]))
      .executeTakeFirst();
    if (row === undefined) return false;
  }
  return true;
}

import type { PatternLists } from "../../contracts/delegation.ts";
import type { Scope } from "../../contracts/scope.ts";
import { keyHash, looksLikeKey } from "../../identity/virtual-key.ts";
import { parseModels, parseScopes } from "../keys/key-record.ts";
import type { Store } from "../store/open-store.ts";
import { parseStrings } from "../store/parse-strings.ts";
import type { DelegationDesk } from "./desk.ts";

/** An agent that has shown its own credential, with what it may do by itself. */
export interface Actor {
  readonly agent: string;
  /** The line of keys it showed one of; null for a service. */
  readonly lineageId: string | null;
  readonly expiresAtMs: number | null;
  /** Null = every one. */
  readonly scopes: readonly Scope[] | null;
  readonly models: PatternLists;
  readonly tools: PatternLists;
}

export const actorTokenTypes = {
  key: "urn:weir:params:oauth:token-type:virtual-key",
  jwt: "urn:ietf:params:oauth:token-type:jwt",
} as const;

/** Who shows this credential; null for what is none, or is no agent's. */
export async function findActor(
  { store, nowMs, desk }: { store: Store; nowMs: number; desk: DelegationDesk },
  { token, type }: { readonly token: string; readonly type: string },
): Promise<Actor | null> {
  if (type === actorTokenTypes.key) return findByKey(store, token, nowMs);
  if (type !== actorTokenTypes.jwt) return null;
  const service = await desk.serviceTokens(token);
  if (service === null) return null;
  const team = await teamLists(store, service.team);
  if (team === null) return null;
  return {
    agent: service.id,
    lineageId: null,
    expiresAtMs: null,
    scopes: service.scopes ?? null,
    models: [...team.models, ...(service.models === undefined ? [] : [[...service.models]])],
    tools: team.tools,
  };
}

async function findByKey(store: Store, key: string, nowMs: number): Promise<Actor | null> {
  if (!looksLikeKey(key)) return null;
  const row = await store
    .selectFrom("keys")
    .innerJoin("people", "people.id", "keys.personId")
    .select(["keys.agentId", "keys.personId", "keys.lineageId", "keys.expiresAtMs"])
    .select(["keys.scopes", "keys.models", "people.teamId"])
    .where("keys.hash", "=", keyHash(key))
    .where("keys.revokedAtMs", "is", null)
    .where("people.removedAtMs", "is", null)
    .executeTakeFirst();
  if (row === undefined || row.agentId === null) return null;
  if (row.expiresAtMs !== null && row.expiresAtMs <= nowMs) return null;
  const team = await teamLists(store, row.teamId);
  if (team === null) return null;
  const own = parseModels(row.models);
  return {
    agent: `${row.personId}/${row.agentId}`,
    lineageId: row.lineageId,
    expiresAtMs: row.expiresAtMs,
    scopes: parseScopes(row.scopes),
    models: [...team.models, ...(own === null ? [] : [own])],
    tools: team.tools,
  };
}

/** What the agent's own team may use: in the name of somebody of another team it is no more. */
async function teamLists(
  store: Store,
  teamId: string,
): Promise<{ models: PatternLists; tools: PatternLists } | null> {
  const row = await store
    .selectFrom("teams")
    .select(["models", "tools"])
    .where("id", "=", teamId)
    .where("removedAtMs", "is", null)
    .executeTakeFirst();
  if (row === undefined) return null;
  return { models: narrowing(parseStrings(row.models)), tools: narrowing(parseStrings(row.tools)) };
}

function narrowing(patterns: string[]): PatternLists {
  return patterns.includes("*") ? [] : [patterns];
}

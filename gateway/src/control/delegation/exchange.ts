import { SignJWT } from "jose";
import { Value } from "typebox/value";
import { v4 as uuidv4 } from "uuid";
import { DelegatedClaims, type PatternLists } from "../../contracts/delegation.ts";
import type { Scope } from "../../contracts/scope.ts";
import type { Store } from "../store/open-store.ts";
import { type Actor, findActor } from "./actor.ts";
import type { DelegationDesk } from "./desk.ts";
import { findSubject, type Subject } from "./subject.ts";

/** RFC 8693 §2.1, and two of our own that narrow further. */
export interface ExchangeRequest {
  readonly subjectToken: string;
  readonly subjectTokenType: string;
  readonly actorToken: string;
  readonly actorTokenType: string;
  readonly scope?: string;
  readonly resource?: string;
  /** Patterns. */
  readonly models?: readonly string[];
  readonly tools?: readonly string[];
}

export interface ExchangeContext {
  readonly store: Store;
  readonly now: () => number;
  readonly randomBytes: (size: number) => Buffer;
  readonly desk: DelegationDesk;
}

export interface Exchanged {
  readonly token: string;
  readonly scope: string;
  readonly expiresInSeconds: number;
}

export interface ExchangeRefusal {
  readonly error: "invalid_request" | "invalid_scope" | "invalid_target";
  readonly description: string;
}

/** A head has 16 KB at most, and the gateway takes a token of 8 KB. */
const maxTokenLength = 8_000;
const maxLists = 16;

/**
 * Gives an agent a token of its own to act in a person's name: never more than the person has
 * granted, the agent may do by itself, and each agent before it was handed.
 */
export async function exchangeToken(
  { store, now, randomBytes, desk }: ExchangeContext,
  request: ExchangeRequest,
): Promise<Exchanged | ExchangeRefusal> {
  const nowMs = now();
  const context = { store, nowMs, desk };
  const { subjectToken, actorToken } = request;
  const actor = await findActor(context, { token: actorToken, type: request.actorTokenType });
  if (actor === null) return refuse("The actor token is not the live credential of an agent.");
  const shown = { token: subjectToken, type: request.subjectTokenType };
  const subject = await findSubject(context, shown, actor.agent);
  if (subject === null) return refuse("The subject token is no consent that this agent may use.");
  const audience = audienceFor(request.resource, subject, desk);
  if (audience === null) {
    const description = "The resource is not one that this token may be for.";
    return { error: "invalid_target", description };
  }
  const scopes = scopesFor(request.scope, subject, actor);
  if (scopes === null) {
    return { error: "invalid_scope", description: "The scope is more than what has been granted." };
  }
  const endMs = Math.min(
    nowMs + desk.tokenLifetimeMs,
    subject.untilMs,
    actor.expiresAtMs ?? Number.POSITIVE_INFINITY,
  );
  const iat = Math.floor(nowMs / 1000);
  const exp = Math.floor(endMs / 1000);
  if (exp <= iat) return refuse("The consent ends now.");
  const models = distinct([...subject.models, ...actor.models, ...listOf(request.models)]);
  const tools = distinct([...subject.tools, ...actor.tools, ...listOf(request.tools)]);
  if (Math.max(models.length, tools.length) > maxLists) return refuse("Too many lists narrow it.");
  const claims = {
    iss: desk.issuer(),
    sub: subject.grant.personId,
    aud: audience,
    iat,
    exp,
    jti: uuidv4({ random: randomBytes(16) }),
    client_id: actor.agent,
    scope: scopes.join(" "),
    grant: subject.grant.id,
    act: {
      sub: actor.agent,
      ...(actor.lineageId !== null && { key: actor.lineageId }),
      ...(subject.act !== null && { act: subject.act }),
    },
    ...(models.length > 0 && { models }),
    ...(tools.length > 0 && { tools }),
  };
  // No grant allows more hops than a token has room for.
  if (!Value.Check(DelegatedClaims, claims)) throw new Error("not the claims of a token");
  const { kid, key } = await desk.keys.current();
  const header = { alg: "EdDSA", kid, typ: "at+jwt" };
  const token = await new SignJWT({ ...claims }).setProtectedHeader(header).sign(key);
  if (token.length > maxTokenLength) return refuse("What narrows it does not fit into a token.");
  return { token, scope: claims.scope, expiresInSeconds: exp - iat };
}

function refuse(description: string): ExchangeRefusal {
  return { error: "invalid_request", description };
}

/** RFC 8707 §2: one that there is; for a token that is handed on, its own. */
function audienceFor(
  asked: string | undefined,
  { audience }: Subject,
  desk: DelegationDesk,
): string | null {
  const wanted = asked === undefined ? (audience ?? desk.resource()) : spelled(asked);
  if (!desk.resources().has(wanted)) return null;
  return audience === null || audience === wanted ? wanted : null;
}

/** Clients that parse it write an origin with a slash at its end. */
function spelled(resource: string): string {
  const url = URL.parse(resource);
  return url !== null && url.pathname === "/" && url.search === "" && url.hash === ""
    ? url.origin
    : resource;
}

function scopesFor(asked: string | undefined, subject: Subject, actor: Actor): Scope[] | null {
  const most = subject.scopes.filter((scope) => actor.scopes?.includes(scope) ?? true);
  const wanted = asked?.split(" ").filter((each) => each !== "") ?? [];
  if (wanted.some((each) => !most.some((scope) => scope === each))) return null;
  const scopes = wanted.length === 0 ? most : most.filter((scope) => wanted.includes(scope));
  return scopes.length === 0 ? null : scopes;
}

function listOf(patterns: readonly string[] | undefined): PatternLists {
  return patterns === undefined ? [] : [[...patterns]];
}

function distinct(lists: PatternLists): PatternLists {
  return [...new Map(lists.map((each) => [JSON.stringify(each), each])).values()];
}

/** What agents get for a consent, and every way to get more. */
import { decodeJwt, decodeProtectedHeader } from "jose";
import { describe, expect, test } from "vitest";
import { createKey } from "../keys/create.ts";
import { revokeKey } from "../keys/revoke.ts";
import { controlToken, identityFor } from "../testing/control-fixture.ts";
import { claimsOf, gateway, hour, start, types } from "../testing/delegation-fixture.ts";
import { createDelegationDesk } from "./desk.ts";
import { createGrant } from "./grant.ts";

test("an agent gets a short-lived token that says who acts for whom, within the grant", async () => {
  const { grant, agent, redeem, clock } = await start();
  const consent = await grant();
  const { key, record } = await agent("triage");
  const answer = await redeem(consent.id, key);
  const now = Math.floor(clock.nowMs / 1000);
  expect(answer).toMatchObject({
    token_type: "Bearer",
    issued_token_type: types.access,
    expires_in: 600,
    scope: "llm:call models:list",
  });
  expect(claimsOf(answer)).toMatchObject({
    iss: "http://127.0.0.1:7778",
    sub: "ada",
    aud: gateway,
    act: { sub: "ada/triage", key: record.id },
    client_id: "ada/triage",
    grant: consent.id,
    iat: now,
    exp: now + 600,
  });
  const token = String(answer["access_token"]);
  expect(decodeProtectedHeader(token)).toMatchObject({ alg: "EdDSA", typ: "at+jwt" });
  const again = claimsOf(await redeem(consent.id, key));
  expect(again.jti).not.toBe(decodeJwt(token).jti);
});

describe("confused deputy", () => {
  test("attack: a grant is good for the agent it names alone, even one of the same name", async () => {
    const { grant, agent, redeem, context } = await start();
    const consent = await grant();
    const other = await agent("other");
    const namesake = await agent("triage", { personId: "bob" });
    const persons = await createKey(context, { name: "own", personId: "ada" });
    for (const { key } of [other, namesake, persons])
      expect(await redeem(consent.id, key)).toMatchObject({ error: "invalid_request" });
  });

  test("attack: without, or with a dead, credential of its own an agent gets nothing", async () => {
    const { grant, agent, redeem, post, context, clock } = await start();
    const consent = await grant();
    const revoked = await agent("triage");
    await revokeKey(context, { keyId: revoked.record.id });
    const short = await agent("triage", { expiresAtMs: clock.nowMs + 1 });
    clock.nowMs += 1;
    for (const key of [revoked.key, short.key, consent.id, ""])
      expect(await redeem(consent.id, key)).toMatchObject({ error: "invalid_request" });
    const alone = { subject_token: consent.id, subject_token_type: types.grant };
    expect(await post(alone)).toMatchObject({ error: "invalid_request" });
  });

  test("attack: a delegated token is no credential to act with", async () => {
    const { grant, agent, redeem } = await start();
    const consent = await grant({ maxHops: 2 });
    const { key } = await agent("triage");
    const token = String((await redeem(consent.id, key))["access_token"]);
    const form = { actor_token_type: types.jwt };
    expect(await redeem(consent.id, token, form)).toMatchObject({ error: "invalid_request" });
    const asAccess = { actor_token_type: types.access };
    expect(await redeem(consent.id, token, asAccess)).toMatchObject({ error: "invalid_request" });
  });
});

describe("widening", () => {
  test("attack: no more scopes than grant and key both have", async () => {
    const { grant, agent, redeem } = await start();
    const consent = await grant({ scopes: ["llm:call", "files:use"] });
    const { key } = await agent("triage", { scopes: ["llm:call", "passthrough:call"] });
    expect(claimsOf(await redeem(consent.id, key)).scope).toBe("llm:call");
    for (const scope of ["files:use", "passthrough:call", "llm:call files:use", "admin", "*"])
      expect(await redeem(consent.id, key, { scope })).toMatchObject({ error: "invalid_scope" });
    const none = await agent("triage", { scopes: ["models:list"] });
    expect(await redeem(consent.id, none.key)).toMatchObject({ error: "invalid_scope" });
  });

  test("attack: no longer than grant, key and parent last", async () => {
    const { grant, agent, redeem, handOn, clock } = await start();
    const now = Math.floor(clock.nowMs / 1000);
    const { key } = await agent("triage");
    const short = await grant({ untilMs: clock.nowMs + 60_000 });
    expect(claimsOf(await redeem(short.id, key)).exp).toBe(now + 60);
    const long = await grant({ maxHops: 1 });
    const brief = await agent("triage", { expiresAtMs: clock.nowMs + 30_000 });
    const parent = await redeem(long.id, brief.key);
    expect(claimsOf(parent).exp).toBe(now + 30);
    const child = await agent("child");
    clock.nowMs += 10_000;
    const handed = claimsOf(await handOn(String(parent["access_token"]), child.key));
    expect(handed.exp).toBe(now + 30);
  });

  test("attack: no other audience than there is, and none other than the parent's", async () => {
    const fixture = await start();
    const { grant, agent, redeem, handOn } = fixture;
    const consent = await grant({ maxHops: 1 });
    const { key } = await agent("triage");
    for (const resource of ["https://elsewhere.example", `${gateway}/mcp`, "", `${gateway}@x`])
      expect(await redeem(consent.id, key, { resource })).toMatchObject({
        error: "invalid_target",
      });
    const both = { resource: gateway, audience: "https://elsewhere.example" };
    expect(await redeem(consent.id, key, both)).toMatchObject({ error: "invalid_target" });
    const parent = await redeem(consent.id, key, { resource: `${gateway}/` });
    expect(claimsOf(parent).aud).toBe(gateway);
    const child = await agent("child");
    const resource = "https://elsewhere.example";
    expect(await handOn(String(parent["access_token"]), child.key, { resource })).toMatchObject({
      error: "invalid_target",
    });
  });

  test("attack: a token for another resource cannot be turned into one for the gateway", async () => {
    const { context, clock } = await start();
    const resource = "https://tools.example/mcp";
    const desk = createDelegationDesk({
      identity: identityFor({
        delegation: { gatewayUrl: "", resources: [resource], tokenLifetimeMs: 600_000 },
      }),
      context,
      controlToken,
      issuer: () => "http://127.0.0.1:7778",
      gatewayUrl: () => gateway,
    });
    const { exchangeToken } = await import("./exchange.ts");
    const consent = await createGrant(context, {
      personId: "ada",
      grant: {
        agent: "ada/triage",
        scopes: ["llm:call"],
        maxHops: 1,
        untilMs: clock.nowMs + hour,
      },
      serviceIds: new Set(),
    });
    const { key } = await createKey(context, { name: "k", personId: "ada", agentId: "triage" });
    const request = {
      subjectToken: consent.id,
      subjectTokenType: types.grant,
      actorToken: key,
      actorTokenType: types.key,
    };
    const first = await exchangeToken({ ...context, desk }, { ...request, resource });
    if ("error" in first) throw new Error(first.description);
    const again = { ...request, subjectToken: first.token, subjectTokenType: types.access };
    const widened = await exchangeToken({ ...context, desk }, { ...again, resource: gateway });
    expect(widened).toMatchObject({ error: "invalid_target" });
    const kept = await exchangeToken({ ...context, desk }, again);
    if ("error" in kept) throw new Error(kept.description);
    expect(decodeJwt(kept.token).aud).toBe(resource);
  });

  test("attack: models and tools of agent, its team and each hop before all stay in force", async () => {
    const { grant, agent, redeem, handOn } = await start();
    const consent = await grant({ agent: "bob/triage", maxHops: 1 });
    const { key } = await agent("triage", { personId: "bob", models: ["sim-e*"] });
    const parent = await redeem(consent.id, key, { models: "sim-echo", tools: "read_*" });
    expect(claimsOf(parent)).toMatchObject({
      models: [["sim-*"], ["sim-e*"], ["sim-echo"]],
      tools: [[], ["read_*"]],
    });
    const child = await agent("child");
    const wider = { models: "*", tools: "*" };
    const handed = claimsOf(await handOn(String(parent["access_token"]), child.key, wider));
    expect(handed.models).toEqual([["sim-*"], ["sim-e*"], ["sim-echo"], ["*"]]);
    expect(handed.tools).toEqual([[], ["read_*"], ["*"]]);
  });

  test("attack: a child gets no scope that its parent has not asked for", async () => {
    const { grant, agent, redeem, handOn } = await start();
    const consent = await grant({ maxHops: 1 });
    const { key } = await agent("triage");
    const parent = await redeem(consent.id, key, { scope: "llm:call" });
    const child = await agent("child");
    const token = String(parent["access_token"]);
    expect(await handOn(token, child.key, { scope: "models:list" })).toMatchObject({
      error: "invalid_scope",
    });
    expect(claimsOf(await handOn(token, child.key)).scope).toBe("llm:call");
  });
});

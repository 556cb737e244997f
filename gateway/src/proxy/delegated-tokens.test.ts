/** Tokens of Weir's own at the proxy: judged by the snapshot alone, and attacked. */
import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { SigningKey, type SnapshotGrant } from "../contracts/delegation.ts";
import type { Snapshot } from "../contracts/snapshot.ts";
import { Value } from "typebox/value";
import { newKey, signToken } from "../identity/testing/sign-token.ts";
import { activateDelegation } from "./snapshot/activate-delegation.ts";
import { chat, chatAnswer, json, start } from "./testing/serve.ts";

const issuer = "http://console.test";
const resource = "http://gateway.test";
const key = newKey("own-1", "EdDSA");
const nowSeconds = Math.floor(Date.now() / 1000);

const grant: SnapshotGrant = {
  id: "g-1",
  personId: "ada",
  teamId: "blue",
  costCenter: "cc-1",
  roles: ["employee"],
  agent: "bob/triage",
  scopes: ["llm:call"],
  models: ["m-*"],
  tools: ["read_*"],
  maxHops: 1,
  fromMs: 0,
  untilMs: Date.now() + 3_600_000,
};

const agentKey = (lineage: string, agentId: string): Snapshot["keys"][number] => ({
  keyHash: lineage.padEnd(64, "0"),
  expiresAtMs: null,
  principal: {
    id: agentId,
    kind: "agent",
    onBehalfOf: "bob",
    agentId,
    teamId: "red",
    costCenter: "cc-2",
    roles: [],
    keyId: lineage,
    assurance: "api_key",
  },
});

function delegationWith(grants: SnapshotGrant[], keys = [agentKey("a", "triage")]) {
  return activateDelegation({
    version: "1",
    publishedAtMs: 1,
    policy: null,
    keys: [...keys, agentKey("b", "child")],
    delegation: {
      issuer,
      resource,
      keys: [Value.Parse(SigningKey, key.jwk)],
      grants,
      services: ["nightly"],
    },
  });
}

const claims = {
  iss: issuer,
  sub: "ada",
  aud: resource,
  iat: nowSeconds,
  exp: nowSeconds + 600,
  jti: "j-1",
  client_id: "bob/triage",
  scope: "llm:call",
  grant: "g-1",
  act: { sub: "bob/triage", key: "a" },
};
const sign = (changes: object = {}, header: object = {}, by = key) =>
  signToken(by, { ...claims, ...changes }, { typ: "at+jwt", ...header });

async function serve(grants: SnapshotGrant[] = [grant]) {
  const state = { delegation: delegationWith(grants) };
  const { upstream, proxy } = await start(
    (_request, response) => {
      response.writeHead(200, json).end(chatAnswer);
    },
    { delegation: () => state.delegation },
  );
  const ask = (token: string, body: object = chat, headers: Record<string, string> = {}) =>
    fetch(`${proxy.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}`, ...headers },
      body: JSON.stringify(body),
    });
  const statusOf = async (token: string, body?: object) => {
    const answer = await ask(token, body);
    await answer.arrayBuffer();
    return answer.status;
  };
  return { state, upstream, proxy, ask, statusOf };
}

test("the row has person and agent, and the client's token reaches no provider", async () => {
  const { upstream, proxy, ask } = await serve();
  const token = sign();
  const answer = await ask(token, chat, { "x-api-key": token, "x-forwarded-token": token });
  expect(answer.status).toBe(200);
  const [call] = await proxy.recorded(1);
  expect(call?.principal).toEqual({
    id: "bob/triage",
    kind: "agent",
    onBehalfOf: "ada",
    agentId: "bob/triage",
    teamId: "blue",
    costCenter: "cc-1",
    roles: ["employee"],
    keyId: "grant:g-1",
    assurance: "token",
  });
  expect(upstream.requests).toHaveLength(1);
  expect(JSON.stringify(upstream.requests)).not.toContain(token.split(".")[2]);
  expect(upstream.requests[0]?.headers.authorization).toBe("Bearer sk-upstream");
});

test("attack: a revoked grant ends a token that was good a moment before", async () => {
  const { state, statusOf } = await serve();
  const token = sign();
  expect(await statusOf(token)).toBe(200);
  expect(await statusOf(token)).toBe(200);
  state.delegation = delegationWith([]);
  expect(await statusOf(token)).toBe(401);
  state.delegation = delegationWith([grant], []);
  expect(await statusOf(token)).toBe(401);
});

test.each([
  ["for another audience", { aud: "http://elsewhere.test" }],
  ["for several audiences", { aud: [resource, "http://elsewhere.test"] }],
  ["expired", { exp: nowSeconds - 1 }],
  ["without an end", { exp: undefined }],
  ["of the future", { iat: nowSeconds + 600 }],
  ["in the name of somebody else", { sub: "eve" }],
  ["of another grant", { grant: "g-2" }],
  ["without an actor", { act: undefined }],
  ["of an actor that the grant does not name", { act: { sub: "bob/child", key: "b" } }],
  ["of an actor with another agent's key", { act: { sub: "bob/triage", key: "b" } }],
  ["of an actor with no key", { act: { sub: "bob/triage" } }],
  [
    "handed on too often",
    {
      act: {
        sub: "bob/child",
        key: "b",
        act: { sub: "bob/child", key: "b", act: { sub: "bob/triage", key: "a" } },
      },
    },
  ],
  [
    "with a forged end of its nesting",
    { act: { sub: "bob/triage", key: "a", act: { sub: "bob/child", key: "b" } } },
  ],
  ["with something else in its actor", { act: { sub: "bob/triage", key: "a", admin: true } }],
])("attack: a token %s is refused", async (_what, changes) => {
  const { statusOf, upstream } = await serve();
  expect(await statusOf(sign(changes))).toBe(401);
  expect(upstream.requests).toEqual([]);
});

test("attack: no other algorithm, key or type of token passes for one of our own", async () => {
  const { statusOf, upstream } = await serve();
  const token = sign();
  const [head = "", body = "", signature = ""] = token.split(".");
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const header = { alg: "EdDSA", kid: "own-1", typ: "at+jwt" };
  const hmacs = ["HS256", "HS512"].flatMap((alg) =>
    [key.publicPem, JSON.stringify(key.jwk), ""].map((secret) => {
      const unsigned = `${part({ ...header, alg })}.${body}`;
      const digest = createHmac(alg.replace("HS", "sha"), secret).update(unsigned);
      return `${unsigned}.${digest.digest("base64url")}`;
    }),
  );
  const attacks = [
    ...hmacs,
    `${part({ ...header, alg: "none" })}.${body}.`,
    `${head}.${part({ ...claims, scope: "llm:call passthrough:call" })}.${signature}`,
    sign({}, { kid: "unknown" }),
    sign({}, { typ: "JWT" }),
    sign({}, { typ: "logout+jwt" }),
    sign({}, {}, newKey("own-1", "EdDSA")),
    sign({}, {}, newKey("own-1", "ES256")),
    sign({}, { jwk: key.jwk }, newKey("own-1", "EdDSA")),
  ];
  for (const attack of attacks) expect(await statusOf(attack)).toBe(401);
  expect(upstream.requests).toEqual([]);
});

test("attack: what a token says never widens what the grant says, nor the other way round", async () => {
  const { statusOf, upstream } = await serve();
  const tool = (name: string) => ({ type: "function", function: { name, parameters: {} } });
  const ask = (changes: object, token: object = {}) =>
    statusOf(sign(token), { ...chat, ...changes });
  expect(await ask({ model: "n-1" }, { models: [["*"]] })).toBe(403);
  expect(await ask({ model: "m-1" }, { models: [["*"], ["m-2"]] })).toBe(403);
  expect(await ask({ tools: [tool("write_file")] }, { tools: [["*"]] })).toBe(403);
  expect(await ask({ tools: [tool("read_file")] }, { tools: [["list_*"]] })).toBe(403);
  expect(await ask({}, { scope: "models:list" })).toBe(403);
  expect(await ask({}, { scope: "files:use passthrough:call" })).toBe(403);
  expect(upstream.requests).toEqual([]);
  expect(await ask({ tools: [tool("read_file")] }, { tools: [["*_file"]] })).toBe(200);
});

test("a child agent is the caller, a service acts without a key, and nesting is checked to its root", async () => {
  const { state, proxy, statusOf } = await serve();
  const act = { sub: "bob/child", key: "b", act: { sub: "bob/triage", key: "a" } };
  expect(await statusOf(sign({ act }))).toBe(200);
  state.delegation = delegationWith([{ ...grant, agent: "nightly" }]);
  expect(await statusOf(sign({ act: { sub: "nightly" } }))).toBe(200);
  const [child, service] = await proxy.recorded(2);
  expect(child?.principal).toMatchObject({ id: "bob/child", onBehalfOf: "ada" });
  expect(service?.principal).toMatchObject({ id: "nightly", onBehalfOf: "ada" });
  // The parent's key is gone, and with it all that came of it.
  state.delegation = delegationWith([grant], []);
  expect(await statusOf(sign({ act }))).toBe(401);
});

test("a grant that begins later, or has ended, is none yet or no longer", async () => {
  const { state, statusOf } = await serve([{ ...grant, fromMs: Date.now() + 60_000 }]);
  expect(await statusOf(sign())).toBe(401);
  state.delegation = delegationWith([{ ...grant, untilMs: Date.now() - 1 }]);
  expect(await statusOf(sign())).toBe(401);
});

test("whoever is not let in learns where tokens come from", async () => {
  const { ask, proxy } = await serve();
  const where = `resource_metadata="${resource}/.well-known/oauth-protected-resource"`;
  const refused = await ask(sign({ sub: "eve" }));
  expect(refused.headers.get("www-authenticate")).toBe(`Bearer error="invalid_token", ${where}`);
  const nothing = await fetch(`${proxy.url}/v1/chat/completions`, { method: "POST", body: "{}" });
  expect(nothing.headers.get("www-authenticate")).toBe(`Bearer ${where}`);
  const denied = await ask(sign(), { ...chat, model: "n-1" });
  expect(denied.headers.get("www-authenticate")).toBeNull();
  const metadata = await fetch(`${proxy.url}/.well-known/oauth-protected-resource`);
  expect(await metadata.json()).toMatchObject({ resource, authorization_servers: [issuer] });
});

/** Attack: whatever a client says of itself, the call is its credential's. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openTokenAuthority } from "./authenticate/tokens/open-token-authority.ts";
import { newKey } from "../identity/testing/sign-token.ts";
import { startIssuer } from "../identity/testing/start-issuer.ts";
import { directory, identityOf } from "./authenticate/tokens/testing/token-fixture.ts";
import { observeExchange } from "./observe/observe-exchange.ts";
import { chat, chatAnswer, json, start } from "./testing/serve.ts";
import { testKey } from "./testing/start-test-proxy.ts";

const spoofed = {
  "x-weir-principal": "root",
  "x-weir-team": "admins",
  "x-forwarded-user": "root",
  "x-remote-user": "root",
  "x-user-id": "root",
  "x-auth-request-user": "root",
  "x-forwarded-client-cert": "Subject=CN=root",
  "x-ssl-client-s-dn": "CN=root",
  "x-amzn-oidc-identity": "root",
  "cf-access-authenticated-user-email": "root@example.com",
  cookie: "weir_session=root",
  from: "root@example.com",
};

const answer: Parameters<typeof start>[0] = (_request, response) => {
  response.writeHead(200, json).end(chatAnswer);
};

function ask(url: string, headers: Record<string, string>, body: object = chat) {
  return fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

async function startWithTokens() {
  const issuer = await startIssuer(Date.now);
  onTestFinished(() => issuer[Symbol.asyncDispose]());
  const folder = await mkdtemp(join(tmpdir(), "weir-spoofing-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const key = newKey("k1");
  issuer.keys = [key.jwk];
  const clock = { aheadMs: 0 };
  const opened = openTokenAuthority({
    identity: identityOf(issuer),
    directory: folder,
    name: "p",
    nowMs: () => Date.now() + clock.aheadMs,
    onCheck: () => {},
    onFetched: () => {},
    warn: () => {},
  });
  if (opened === null) throw new Error("there is an issuer");
  onTestFinished(() => opened.stop());
  const proxy = await start(answer, {
    tokens: opened.authority,
    directory,
  });
  await opened.started;
  return { ...proxy, issuer, key, clock };
}

test("headers and body that name another person change neither row nor decision", async () => {
  const mismatches: (boolean | undefined)[] = [];
  const { proxy } = await start(answer, {
    onFinished: (exchange, ending) =>
      mismatches.push(observeExchange(exchange, ending, [], 0).assertsAnother),
  });
  const body = { ...chat, user: "root", metadata: { user_id: "root" } };
  const response = await ask(proxy.url, { ...spoofed, authorization: `Bearer ${testKey}` }, body);
  expect(response.status).toBe(200);
  const [row] = await proxy.recorded(1);
  expect(row?.principal).toMatchObject({ id: "person-1", teamId: "team-1", keyId: "key-1" });
  expect(row?.asserted.userId).toBe("root");
  expect(proxy.decisions[0]?.principal).toEqual(row?.principal);
  expect(mismatches).toEqual([true]);
});

test("such headers alone are no credential", async () => {
  const { proxy, upstream } = await start(answer);
  expect((await ask(proxy.url, spoofed)).status).toBe(401);
  expect(upstream.requests).toEqual([]);
  const [row] = await proxy.recorded(1);
  expect(row?.principal).toBeNull();
});

test.each(["authorization", "x-api-key", "x-goog-api-key"])(
  "a person's token in %s is that person, and reaches neither provider nor row",
  async (name) => {
    const { proxy, upstream, issuer, key } = await startWithTokens();
    const token = issuer.sign(key);
    const value = name === "authorization" ? `Bearer ${token}` : token;
    expect((await ask(proxy.url, { ...spoofed, [name]: value })).status).toBe(200);
    const rows = await proxy.recorded(1);
    expect(rows[0]?.principal).toMatchObject({ id: "ada", assurance: "token" });
    expect(JSON.stringify([rows, upstream.requests, proxy.decisions])).not.toContain(token);
  },
);

test("attack: a token in the query is refused, and goes nowhere", async () => {
  const { proxy, upstream, issuer, key } = await startWithTokens();
  const token = issuer.sign(key);
  const response = await fetch(`${proxy.url}/v1/chat/completions?key=${token}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(chat),
  });
  expect(response.status).toBe(401);
  expect(upstream.requests).toEqual([]);
  expect(JSON.stringify(await proxy.recorded(1))).not.toContain(token);
});

test("a token in headers that nobody asked for reaches neither provider nor row", async () => {
  const { proxy, upstream, issuer, key } = await startWithTokens();
  const token = issuer.sign(key);
  const headers = {
    authorization: `Bearer ${token}`,
    "user-agent": `me ${token}`,
    "x-session-id": token,
    "x-id-token": token,
  };
  expect((await ask(proxy.url, headers)).status).toBe(200);
  const rows = await proxy.recorded(1);
  expect(JSON.stringify([rows, upstream.requests])).not.toContain(token);
});

test("a token beside a key: the key counts, as it does beside any foreign credential", async () => {
  const { proxy, issuer, key } = await startWithTokens();
  const headers = { authorization: `Bearer ${issuer.sign(key)}`, "x-api-key": testKey };
  expect((await ask(proxy.url, headers)).status).toBe(200);
  expect((await proxy.recorded(1))[0]?.principal).toMatchObject({ id: "person-1" });
});

test("a good token of somebody who is not set up is refused with advice", async () => {
  const { proxy, issuer, key } = await startWithTokens();
  const stranger = issuer.sign(key, { sub: "eve" });
  const response = await ask(proxy.url, { authorization: `Bearer ${stranger}` });
  expect(response.status).toBe(403);
  expect(await response.text()).toMatch(/nobody of that name is set up/);
});

test("the first call with a key that was rotated in waits for the keys, and is served", async () => {
  const { proxy, issuer, key, clock } = await startWithTokens();
  const next = newKey("k2");
  issuer.keys = [next.jwk, key.jwk];
  clock.aheadMs = 10_000;
  const before = issuer.fetches();
  const calls = [next, key, next].map((each) =>
    ask(proxy.url, { authorization: `Bearer ${issuer.sign(each)}` }),
  );
  expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(issuer.fetches()).toBe(before + 1);
});

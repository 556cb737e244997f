import { expect, test } from "vitest";
import {
  type ControlFixture,
  createControlFixture,
  problemOf,
} from "../../control/testing/control-fixture.ts";

const host = "127.0.0.1:7778";
const grantType = "urn:ietf:params:oauth:grant-type:device_code";

interface Begun {
  device_code: string;
  user_code: string;
  interval: number;
}

function form(fixture: ControlFixture, url: string, fields: Record<string, string>) {
  return fixture.app.inject({
    method: "POST",
    url,
    headers: { host, "content-type": "application/x-www-form-urlencoded" },
    payload: new URLSearchParams(fields).toString(),
  });
}

async function begin(fixture: ControlFixture): Promise<Begun> {
  const fields = { client_id: "weir-cli", device_name: "lap<b>top" };
  return (await form(fixture, "/oauth/device_authorization", fields)).json();
}

async function poll(fixture: ControlFixture, { device_code: code }: Begun) {
  fixture.clock.nowMs += 5000;
  const fields = { grant_type: grantType, client_id: "weir-cli", device_code: code };
  return (await form(fixture, "/oauth/token", fields)).json<Record<string, unknown>>();
}

async function enter(
  fixture: ControlFixture,
  personId: string,
  userCode: string,
  approve?: boolean,
) {
  const headers = await fixture.signIn(personId);
  const url = `/api/device-login/${approve === undefined ? "find" : "decide"}`;
  const payload = { userCode, ...(approve !== undefined && { approve }) };
  return fixture.app.inject({ method: "POST", url, headers, payload });
}

test("the whole way: pending, found, approved, one short-lived key of that person, revoked", async () => {
  await using fixture = await createControlFixture();
  const begun = await begin(fixture);
  expect(await poll(fixture, begun)).toEqual({ error: "authorization_pending" });
  const found = await enter(fixture, "bob", begun.user_code.toLowerCase().replace("-", " "));
  expect(found.json()).toMatchObject({ deviceName: "lapbtop", keyLifetimeMs: 43_200_000 });
  expect((await enter(fixture, "bob", begun.user_code, true)).statusCode).toBe(204);
  const granted = await poll(fixture, begun);
  expect(granted).toMatchObject({ token_type: "Bearer", expires_in: 43_200 });
  expect(await poll(fixture, begun)).toEqual({ error: "expired_token" });
  const [key] = fixture.publisher.current?.snapshot.keys ?? [];
  expect(key).toMatchObject({ expiresAtMs: fixture.clock.nowMs - 5000 + 43_200_000 });
  expect(key?.principal.id).toBe("bob");
  const token = String(granted["access_token"]);
  expect((await form(fixture, "/oauth/revoke", { token })).statusCode).toBe(200);
  expect(fixture.publisher.current?.snapshot.keys).toEqual([]);
});

test("of devices that ask at the same moment one alone gets the key", async () => {
  await using fixture = await createControlFixture();
  const begun = await begin(fixture);
  await enter(fixture, "bob", begun.user_code, true);
  const answers = await Promise.all(Array.from({ length: 5 }, () => poll(fixture, begun)));
  expect(answers.filter((answer) => "access_token" in answer)).toHaveLength(1);
  expect(await fixture.store.selectFrom("keys").selectAll().execute()).toHaveLength(1);
});

test("a refused device gets nothing, and a code that was answered cannot be answered again", async () => {
  await using fixture = await createControlFixture();
  const begun = await begin(fixture);
  await enter(fixture, "bob", begun.user_code, false);
  expect((await enter(fixture, "ada", begun.user_code, true)).statusCode).toBe(404);
  expect(await poll(fixture, begun)).toEqual({ error: "access_denied" });
});

test("guessing codes: five misses within ten minutes, also all at once, and no more is heard", async () => {
  await using fixture = await createControlFixture();
  const begun = await begin(fixture);
  const headers = await fixture.signIn("bob");
  const guess = (userCode: string) =>
    fixture.app.inject({
      method: "POST",
      url: "/api/device-login/decide",
      headers,
      payload: { userCode, approve: true },
    });
  const guesses = Array.from({ length: 20 }, (_, index) =>
    guess(`BBBBBBB${"BCDFGHJKLMNPQRSTVWXZ"[index]}`),
  );
  const statuses = (await Promise.all(guesses)).map(({ statusCode }) => statusCode);
  expect(statuses.filter((status) => status === 404)).toHaveLength(5);
  expect(statuses.filter((status) => status === 429)).toHaveLength(15);
  const right = await guess(begun.user_code);
  expect(problemOf(right.body).code).toBe("WEIR_TOO_MANY_CODES");
  fixture.clock.nowMs += 9 * 60_000;
  expect((await guess(begun.user_code)).statusCode).toBe(429);
  // Others are not locked out by it.
  expect((await enter(fixture, "ada", begun.user_code)).statusCode).toBe(200);
});

test("phishing: no address carries the code, and none approves by being opened", async () => {
  await using fixture = await createControlFixture();
  const begun = await begin(fixture);
  expect(begun).not.toHaveProperty("verification_uri_complete");
  const headers = await fixture.signIn("bob");
  for (const path of ["/device", "/api/device-login/decide", "/api/device-login/find"]) {
    const url = `${path}?userCode=${begun.user_code}&user_code=${begun.user_code}&approve=true`;
    await fixture.app.inject({ url, headers });
  }
  expect(await poll(fixture, begun)).toEqual({ error: "authorization_pending" });
});

test("a device that asks too often is told to slow down, and waits longer from then on", async () => {
  await using fixture = await createControlFixture();
  const begun = await begin(fixture);
  await poll(fixture, begun);
  fixture.clock.nowMs -= 4000;
  expect(await poll(fixture, begun)).toEqual({ error: "slow_down" });
  expect(await poll(fixture, begun)).toEqual({ error: "slow_down" });
});

test("codes end after ten minutes, on both sides", async () => {
  await using fixture = await createControlFixture();
  const begun = await begin(fixture);
  fixture.clock.nowMs += 10 * 60_000;
  expect((await enter(fixture, "bob", begun.user_code, true)).statusCode).toBe(404);
  expect(await poll(fixture, begun)).toEqual({ error: "expired_token" });
});

test("other clients, other grants and repeated fields are refused", async () => {
  await using fixture = await createControlFixture();
  const { app } = fixture;
  const other = await form(fixture, "/oauth/device_authorization", { client_id: "evil" });
  expect([other.statusCode, other.json()]).toEqual([401, { error: "invalid_client" }]);
  const grant = await form(fixture, "/oauth/token", { grant_type: "password" });
  expect(grant.json()).toEqual({ error: "unsupported_grant_type" });
  const headers = { host, "content-type": "application/x-www-form-urlencoded" };
  const payload = "client_id=weir-cli&client_id=evil";
  const url = "/oauth/device_authorization";
  expect((await app.inject({ method: "POST", url, headers, payload })).statusCode).toBe(400);
});

test("only keys of weir login can be revoked by whoever holds them", async () => {
  await using fixture = await createControlFixture();
  const headers = await fixture.signIn("bob");
  const created = await fixture.app.inject({
    method: "POST",
    url: "/api/keys",
    headers,
    payload: { name: "ci" },
  });
  const { key: token } = created.json<{ key: string }>();
  expect((await form(fixture, "/oauth/revoke", { token })).statusCode).toBe(200);
  expect(fixture.publisher.current?.snapshot.keys).toHaveLength(1);
});

import { expect, test } from "vitest";
import { createControlFixture, signInSettingsFor } from "../../control/testing/control-fixture.ts";
import { secretHash } from "../secret.ts";

test("a page of another origin reads nothing with a visitor's cookie", async () => {
  await using fixture = await createControlFixture();
  const { cookie } = await fixture.signIn("ada");
  const headers = { host: "127.0.0.1:7778", cookie, origin: "https://evil.example" };
  const asked = await fixture.app.inject({ url: "/api/me", headers });
  const names = Object.keys(asked.headers);
  expect(names.filter((name) => name.startsWith("access-control-"))).toEqual([]);
  const method = { method: "OPTIONS", url: "/api/keys" } as const;
  const preflight = await fixture.app.inject({
    ...method,
    headers: { ...headers, "access-control-request-method": "POST" },
  });
  expect(preflight.headers["access-control-allow-origin"]).toBeUndefined();
  expect(asked.headers["cross-origin-resource-policy"]).toBe("same-origin");
});

test("a cookie does not work under another host name", async () => {
  await using fixture = await createControlFixture();
  const { cookie } = await fixture.signIn("ada");
  const headers = { host: "evil.example", cookie };
  expect((await fixture.app.inject({ url: "/api/me", headers })).statusCode).toBe(421);
});

test("over TLS a cookie without the host prefix is not looked at", async () => {
  const signInSettings = signInSettingsFor({ consoleUrl: "https://weir.example" }, { nowMs: 0 });
  await using fixture = await createControlFixture({ signInSettings });
  const { cookie = "" } = await fixture.signIn("ada");
  const ask = (sent: string) =>
    fixture.app.inject({ url: "/api/me", headers: { host: "127.0.0.1", cookie: sent } });
  expect((await ask(cookie)).statusCode).toBe(401);
  expect((await ask(`__Host-${cookie}`)).statusCode).toBe(200);
});

test("what the store holds of a session opens none", async () => {
  await using fixture = await createControlFixture();
  const { cookie = "" } = await fixture.signIn("ada");
  const hash = secretHash(cookie.slice(cookie.indexOf("=") + 1));
  const rows = await fixture.store.selectFrom("sessions").select("hash").execute();
  expect(rows).toEqual([{ hash }]);
  const headers = { host: "127.0.0.1", cookie: `weir_session=${hash}` };
  expect((await fixture.app.inject({ url: "/api/me", headers })).statusCode).toBe(401);
});

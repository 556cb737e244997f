import { describe, expect, test } from "vitest";
import {
  createControlFixture,
  createStoreFixture,
  signInSettingsFor,
} from "../control/testing/control-fixture.ts";
import { openStore } from "../control/store/open-store.ts";
import { createLoginToken, redeemLoginToken } from "./login-link.ts";
import { defaultSessionLimits, findSession } from "./session.ts";

const { absoluteMs: sessionAbsoluteMs, idleMs: sessionIdleMs } = defaultSessionLimits;

const host = "127.0.0.1:7778";
const minuteMs = 60_000;

describe("login token", () => {
  test("of twenty attempts at the same time, through two connections, exactly one succeeds", async () => {
    await using fixture = await createStoreFixture();
    const other = await openStore(fixture.target);
    const token = await createLoginToken(fixture.context, { personId: "bob" });
    const attempts = Array.from({ length: 20 }, (_, index) =>
      redeemLoginToken(
        { ...fixture.context, store: index % 2 === 0 ? fixture.store : other },
        token,
      ),
    );
    const secrets = await Promise.all(attempts);
    await other.destroy();
    expect(secrets.filter((secret) => secret !== null)).toHaveLength(1);
    expect(await fixture.store.selectFrom("sessions").selectAll().execute()).toHaveLength(1);
  });

  test("works until just before 15 minutes are over, and no longer", async () => {
    await using fixture = await createStoreFixture();
    const early = await createLoginToken(fixture.context, { personId: "bob" });
    const late = await createLoginToken(fixture.context, { personId: "bob" });
    fixture.clock.nowMs += 15 * minuteMs - 1;
    expect(await redeemLoginToken(fixture.context, early)).not.toBeNull();
    fixture.clock.nowMs += 1;
    expect(await redeemLoginToken(fixture.context, late)).toBeNull();
  });

  test("is stored as a hash alone, like the session that it starts", async () => {
    await using fixture = await createStoreFixture();
    const token = await createLoginToken(fixture.context, { personId: "bob" });
    const secret = await redeemLoginToken(fixture.context, token);
    const tables = await Promise.all([
      fixture.store.selectFrom("loginTokens").selectAll().execute(),
      fixture.store.selectFrom("sessions").selectAll().execute(),
      fixture.store.selectFrom("adminLog").selectAll().execute(),
    ]);
    expect(JSON.stringify(tables)).not.toContain(token);
    expect(JSON.stringify(tables)).not.toContain(secret);
  });

  test("is not made for somebody who does not exist", async () => {
    await using fixture = await createStoreFixture();
    await expect(createLoginToken(fixture.context, { personId: "eve" })).rejects.toMatchObject({
      code: "WEIR_PERSON_NOT_FOUND",
    });
  });
});

describe("GET /login", () => {
  test("signs in once: 303 to the console with a cookie that no script can read", async () => {
    await using fixture = await createControlFixture();
    const token = await createLoginToken(fixture.context, { personId: "bob" });
    const answer = await fixture.app.inject({ url: `/login?token=${token}`, headers: { host } });
    expect(answer.statusCode).toBe(303);
    expect(answer.headers.location).toBe("/");
    expect(answer.headers["cache-control"]).toBe("no-store");
    expect(answer.headers["referrer-policy"]).toBe("no-referrer");
    const cookie = answer.cookies[0];
    expect(cookie).toMatchObject({
      name: "weir_session",
      httpOnly: true,
      sameSite: "Lax",
      path: "/",
      maxAge: sessionAbsoluteMs / 1000,
    });
    expect(cookie?.secure).toBeUndefined();
    const me = await fixture.app.inject({
      url: "/api/me",
      headers: { host, cookie: `weir_session=${cookie?.value}` },
    });
    expect(me.json()).toMatchObject({ person: { id: "bob" } });
  });

  test("403 with the way to a new link, for a used, an unknown and a missing token", async () => {
    await using fixture = await createControlFixture();
    const token = await createLoginToken(fixture.context, { personId: "bob" });
    await fixture.app.inject({ url: `/login?token=${token}`, headers: { host } });
    for (const query of [`?token=${token}`, "?token=made-up", ""]) {
      const answer = await fixture.app.inject({ url: `/login${query}`, headers: { host } });
      expect(answer.statusCode).toBe(403);
      expect(answer.headers["content-type"]).toContain("text/html");
      expect(answer.body).toContain("npm run weir -- login-link");
      expect(answer.cookies).toEqual([]);
    }
  });

  test("HEAD and a browser's prefetch do not use the link up", async () => {
    await using fixture = await createControlFixture();
    const token = await createLoginToken(fixture.context, { personId: "bob" });
    const url = `/login?token=${token}`;
    const head = await fixture.app.inject({ method: "HEAD", url, headers: { host } });
    const prefetch = await fixture.app.inject({
      url,
      headers: { host, "sec-purpose": "prefetch;prerender" },
    });
    expect([head.statusCode, prefetch.statusCode]).toEqual([204, 503]);
    const answer = await fixture.app.inject({ url, headers: { host } });
    expect(answer.statusCode).toBe(303);
  });

  test("behind a TLS proxy the cookie is tied to the host and sent over TLS alone", async () => {
    await using fixture = await createControlFixture({
      signInSettings: signInSettingsFor({}, { nowMs: 0 }, { behindTlsProxy: true }),
      hostNames: null,
    });
    const token = await createLoginToken(fixture.context, { personId: "bob" });
    const answer = await fixture.app.inject({
      url: `/login?token=${token}`,
      headers: { host: "weir.example" },
    });
    expect(answer.cookies[0]).toMatchObject({
      name: "__Host-weir_session",
      secure: true,
      path: "/",
    });
    expect(answer.cookies[0]?.domain).toBeUndefined();
    const { value } = answer.cookies[0] ?? { value: "" };
    const statusOf = async (cookie: string) =>
      (await fixture.app.inject({ url: "/api/me", headers: { host: "weir.example", cookie } }))
        .statusCode;
    // A sibling's subdomain can set a cookie of the plain name, and none with the prefix.
    expect(await statusOf(`weir_session=${value}`)).toBe(401);
    expect(await statusOf(`__Host-weir_session=${value}`)).toBe(200);
  });
});

describe("session", () => {
  test("ends after 8 idle hours, and activity puts that off", async () => {
    await using fixture = await createStoreFixture();
    const token = await createLoginToken(fixture.context, { personId: "bob" });
    const secret = (await redeemLoginToken(fixture.context, token)) ?? "";
    const find = () => findSession(fixture.store, secret, fixture.clock.nowMs);
    fixture.clock.nowMs += sessionIdleMs - minuteMs;
    expect(await find()).toMatchObject({ personId: "bob" });
    fixture.clock.nowMs += sessionIdleMs - minuteMs;
    expect(await find()).toMatchObject({ personId: "bob" });
    fixture.clock.nowMs += sessionIdleMs;
    expect(await find()).toBeNull();
  });

  test("ends after 7 days however active it is", async () => {
    await using fixture = await createStoreFixture();
    const token = await createLoginToken(fixture.context, { personId: "bob" });
    const secret = (await redeemLoginToken(fixture.context, token)) ?? "";
    const end = fixture.clock.nowMs + sessionAbsoluteMs;
    for (; fixture.clock.nowMs < end; fixture.clock.nowMs += sessionIdleMs / 2) {
      expect(await findSession(fixture.store, secret, fixture.clock.nowMs)).not.toBeNull();
    }
    expect(await findSession(fixture.store, secret, end)).toBeNull();
  });

  test("signing out ends it on the server, not just in the browser", async () => {
    await using fixture = await createControlFixture();
    const headers = await fixture.signIn("bob");
    const url = "/api/session/end";
    const answer = await fixture.app.inject({ method: "POST", url, headers });
    expect(answer.statusCode).toBe(204);
    expect(answer.cookies[0]).toMatchObject({ name: "weir_session", value: "" });
    const me = await fixture.app.inject({ url: "/api/me", headers });
    expect(me.statusCode).toBe(401);
  });
});

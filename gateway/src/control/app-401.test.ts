import { describe, expect, test } from "vitest";
import { controlToken, createControlFixture, problemOf } from "./testing/control-fixture.ts";

const host = "127.0.0.1:7778";

describe("401", () => {
  const signedInOnly = [
    "/api/me",
    "/api/usage?from=2026-11-01&to=2026-11-02&timeZone=UTC",
    "/api/decisions",
    "/api/decisions/some-id",
    "/api/keys",
    "/api/policies/status",
    "/api/ledger/status",
  ];

  test.each(signedInOnly)("%s needs a session", async (url) => {
    await using fixture = await createControlFixture();
    const none = await fixture.app.inject({ url, headers: { host } });
    const wrong = await fixture.app.inject({
      url,
      headers: { host, cookie: "weir_session=made-up" },
    });
    expect([none.statusCode, wrong.statusCode]).toEqual([401, 401]);
    expect(problemOf(none.body).code).toBe("WEIR_NOT_SIGNED_IN");
  });

  test.each(["", "Bearer ", "Bearer wrong", `Basic ${controlToken}`, controlToken])(
    "the snapshot is not given for the authorization %j",
    async (authorization) => {
      await using fixture = await createControlFixture();
      const url = "/internal/snapshot";
      const answer = await fixture.app.inject({ url, headers: { host, authorization } });
      expect(answer.statusCode).toBe(401);
    },
  );

  test("an empty control token opens nothing", async () => {
    await using fixture = await createControlFixture({ controlToken: "" });
    const headers = { host, authorization: "Bearer " };
    const answer = await fixture.app.inject({ url: "/internal/snapshot", headers });
    expect(answer.statusCode).toBe(401);
  });

  test("a session does not open the snapshot", async () => {
    await using fixture = await createControlFixture();
    const headers = await fixture.signIn("ada");
    const answer = await fixture.app.inject({ url: "/internal/snapshot", headers });
    expect(answer.statusCode).toBe(401);
  });
});

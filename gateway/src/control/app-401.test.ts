import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type ControlFixture,
  controlToken,
  createControlFixture,
  problemOf,
} from "./testing/control-fixture.ts";

const host = "127.0.0.1:7778";

// Nothing here gets in, so nothing here changes anything: one app serves all of it.
let fixture: ControlFixture;
beforeAll(async () => {
  fixture = await createControlFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

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
      const url = "/internal/snapshot";
      const answer = await fixture.app.inject({ url, headers: { host, authorization } });
      expect(answer.statusCode).toBe(401);
    },
  );

  test("an empty control token opens nothing", async () => {
    await using open = await createControlFixture({ controlToken: "" });
    const headers = { host, authorization: "Bearer " };
    const answer = await open.app.inject({ url: "/internal/snapshot", headers });
    expect(answer.statusCode).toBe(401);
  });

  test("a session does not open the snapshot", async () => {
    const headers = await fixture.signIn("ada");
    const answer = await fixture.app.inject({ url: "/internal/snapshot", headers });
    expect(answer.statusCode).toBe(401);
  });
});

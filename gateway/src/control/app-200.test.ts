import { describe, expect, test } from "vitest";
import { createControlFixture } from "./testing/control-fixture.ts";

const host = "127.0.0.1:7778";

describe("200", () => {
  test("GET /api/me tells who is signed in", async () => {
    await using fixture = await createControlFixture();
    const headers = await fixture.signIn("bob");
    const answer = await fixture.app.inject({ url: "/api/me", headers });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      person: { id: "bob", name: "Bob", teamId: "beta", roles: ["employee"] },
      gatewayUrl: "http://127.0.0.1:7777",
      simulator: true,
      retentionDays: 14,
      contentRetentionDays: null,
      version: "1.2.3",
    });
    expect(answer.headers["cache-control"]).toBe("no-store");
  });

  test("a person's questions are asked for the person of the session, never for another", async () => {
    const asked: string[] = [];
    const remember = (personId: string) => {
      asked.push(personId);
      return Promise.resolve(null);
    };
    await using fixture = await createControlFixture({
      insight: {
        readOwnUsage: (personId) => remember(personId).then(() => Promise.reject(new Error("end"))),
        readOwnDecisions: (personId) =>
          remember(personId).then(() => Promise.reject(new Error("end"))),
        readOwnDecision: remember,
        readOwnAccesses: (personId) =>
          remember(personId).then(() => Promise.reject(new Error("end"))),
      },
    });
    const headers = await fixture.signIn("bob");
    const range = "from=2026-11-01&to=2026-11-02&timeZone=UTC";
    await fixture.app.inject({ url: `/api/usage?${range}`, headers });
    await fixture.app.inject({ url: "/api/decisions", headers });
    await fixture.app.inject({ url: "/api/decisions/some-id", headers });
    await fixture.app.inject({ url: "/api/me/accesses", headers });
    const another = { url: "/api/me/accesses?personId=ada", headers };
    expect((await fixture.app.inject(another)).statusCode).toBe(400);
    expect(asked).toEqual(["bob", "bob", "bob", "bob"]);
  });

  test("health needs no sign-in and tells no reason", async () => {
    await using fixture = await createControlFixture({ readiness: () => "degraded" });
    const live = await fixture.app.inject({ url: "/livez", headers: { host } });
    const ready = await fixture.app.inject({ url: "/readyz", headers: { host } });
    const version = await fixture.app.inject({ url: "/version", headers: { host } });
    expect([live.statusCode, ready.statusCode, version.statusCode]).toEqual([200, 200, 200]);
    expect(ready.json()).toEqual({ status: "degraded" });
    expect(version.json()).toEqual({ version: "1.2.3" });
  });
});

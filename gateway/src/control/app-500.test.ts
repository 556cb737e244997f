import { describe, expect, test } from "vitest";
import { createLoginToken } from "../identity/login-link.ts";
import { createControlFixture, problemOf } from "./testing/control-fixture.ts";

const host = "127.0.0.1:7778";

describe("500", () => {
  test("an unforeseen error tells the caller nothing but the request id", async () => {
    await using fixture = await createControlFixture();
    const headers = await fixture.signIn("ada");
    const answer = await fixture.app.inject({ url: "/api/ledger/status", headers });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain("no ledger in this test");
    const line = fixture.logged.find((entry) => entry.includes("no ledger in this test"));
    expect(line).toContain(problemOf(answer.body).instance);
  });
});

describe("secrets", () => {
  test("neither login tokens nor session secrets reach the log", async () => {
    await using fixture = await createControlFixture();
    const token = await createLoginToken(fixture.context, { personId: "bob" });
    const url = `/login?token=${token}`;
    const answer = await fixture.app.inject({ url, headers: { host } });
    expect(answer.statusCode).toBe(303);
    await fixture.app.inject({ url, headers: { host } });
    await fixture.app.inject({ url: `/nothing/${token}?token=${token}`, headers: { host } });
    const secret = answer.cookies[0]?.value ?? "";
    expect(secret).not.toBe("");
    expect(fixture.logged.length).toBeGreaterThan(2);
    expect(fixture.logged.join("")).not.toContain(token);
    expect(fixture.logged.join("")).not.toContain(secret);
  });
});

test("every route declares what it needs; a route that declares nothing cannot be registered", async () => {
  await using fixture = await createControlFixture();
  const register = () => fixture.app.get("/api/careless", async () => "secret");
  expect(register).toThrow("/api/careless declares no permission");
});

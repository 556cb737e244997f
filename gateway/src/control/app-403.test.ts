import { describe, expect, test } from "vitest";
import { createControlFixture, problemOf } from "./testing/control-fixture.ts";

const host = "127.0.0.1:7778";

describe("403", () => {
  test.each([
    ["no custom header", { "x-weir-csrf": "" }],
    ["another site", { "sec-fetch-site": "cross-site" }],
    ["another port of the same site", { "sec-fetch-site": "same-site" }],
  ])("a change that comes from %s is refused", async (_from, forged) => {
    await using fixture = await createControlFixture();
    const headers = { ...(await fixture.signIn("bob")), ...forged };
    const payload = { name: "stolen" };
    const answer = await fixture.app.inject({ method: "POST", url: "/api/keys", headers, payload });
    expect(answer.statusCode).toBe(403);
    expect(problemOf(answer.body).code).toBe("WEIR_CROSS_SITE_REQUEST");
    expect(await fixture.store.selectFrom("keys").selectAll().execute()).toEqual([]);
  });

  test("an old browser without Sec-Fetch-Site is judged by its Origin", async () => {
    await using fixture = await createControlFixture();
    const { "sec-fetch-site": _, ...headers } = await fixture.signIn("bob");
    const post = (origin: string) =>
      fixture.app.inject({
        method: "POST",
        url: "/api/keys",
        headers: { ...headers, origin },
        payload: { name: "laptop" },
      });
    expect((await post("http://127.0.0.1:9999")).statusCode).toBe(403);
    expect((await post("null")).statusCode).toBe(403);
    expect((await post(`http://${host}`)).statusCode).toBe(201);
  });

  test("an employee may not read the status of policies and ledger", async () => {
    await using fixture = await createControlFixture();
    const headers = await fixture.signIn("bob");
    for (const url of ["/api/policies/status", "/api/ledger/status"]) {
      const answer = await fixture.app.inject({ url, headers });
      expect(answer.statusCode).toBe(403);
      expect(problemOf(answer.body).code).toBe("WEIR_NOT_PERMITTED");
    }
  });
});

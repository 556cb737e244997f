import { describe, expect, test } from "vitest";
import { createControlFixture, problemOf } from "./testing/control-fixture.ts";

const host = "127.0.0.1:7778";

describe("404 and 421", () => {
  test("an unknown path below /api and /internal is a problem and never a page", async () => {
    await using fixture = await createControlFixture();
    for (const url of ["/api/nothing", "/internal/nothing", "/api"]) {
      const answer = await fixture.app.inject({ url, headers: { host, accept: "text/html" } });
      expect(answer.statusCode).toBe(404);
      expect(problemOf(answer.body).code).toBe("WEIR_NOT_FOUND");
    }
  });

  test("DNS rebinding: a name that is not ours is refused, for pages and API alike", async () => {
    await using fixture = await createControlFixture();
    const { host: _, ...headers } = await fixture.signIn("bob");
    for (const url of ["/", "/api/me", "/login?token=x", "/livez"]) {
      const rebound = { ...headers, host: "attacker.example:7778" };
      const answer = await fixture.app.inject({ url, headers: rebound });
      expect(answer.statusCode).toBe(421);
    }
    for (const name of ["localhost:7778", "[::1]:7778", "127.0.0.1"]) {
      const answer = await fixture.app.inject({ url: "/livez", headers: { host: name } });
      expect(answer.statusCode).toBe(200);
    }
  });
});

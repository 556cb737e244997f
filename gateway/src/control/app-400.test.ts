import { describe, expect, test } from "vitest";
import { createControlFixture, problemOf } from "./testing/control-fixture.ts";

describe("400", () => {
  test("a personId in the query is refused and not ignored", async () => {
    await using fixture = await createControlFixture();
    const headers = await fixture.signIn("bob");
    const url = "/api/usage?from=2026-11-01&to=2026-11-02&timeZone=UTC&personId=ada";
    const answer = await fixture.app.inject({ url, headers });
    expect(answer.statusCode).toBe(400);
    expect(answer.headers["content-type"]).toContain("application/problem+json");
    expect(problemOf(answer.body).errors?.map((error) => error.path)).toEqual([
      "querystring/personId",
    ]);
  });

  test("every invalid field is named, with the request id of the log", async () => {
    await using fixture = await createControlFixture();
    const headers = await fixture.signIn("bob");
    const payload = { name: "", personId: "ada" };
    const answer = await fixture.app.inject({ method: "POST", url: "/api/keys", headers, payload });
    const problem = problemOf(answer.body);
    expect(answer.statusCode).toBe(400);
    expect(problem.code).toBe("WEIR_INVALID_REQUEST");
    expect(problem.instance).toBe(answer.headers["x-request-id"]);
    expect(problem.errors?.map((error) => error.path)).toEqual(["body/personId"]);
  });

  test("malformed JSON is a problem, not a crash", async () => {
    await using fixture = await createControlFixture();
    const headers = { ...(await fixture.signIn("bob")), "content-type": "application/json" };
    const url = "/api/keys";
    const answer = await fixture.app.inject({ method: "POST", url, headers, payload: "{" });
    expect(answer.statusCode).toBe(400);
    expect(problemOf(answer.body).code).toBe("WEIR_INVALID_REQUEST");
  });
});

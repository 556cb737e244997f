import { describe, expect, test } from "vitest";
import type { Config } from "../config/schema.ts";
import { closeAccount } from "./erasure/erase-from-store.ts";
import { createControlFixture, problemOf, testBudgets } from "./testing/control-fixture.ts";

const raise = { by: 5.5, untilMs: Date.UTC(2026, 10, 24), of: "bob", reason: "release" };

function without<T extends object, K extends keyof T>(value: T, key: K): Omit<T, K> {
  const { [key]: _, ...rest } = value;
  return rest;
}

describe("budgets", () => {
  test("a raise by an admin is in the snapshot's budgets, in micro-dollars, and audited by name", async () => {
    await using fixture = await createControlFixture();
    const headers = await fixture.signIn("ada");
    const request = { method: "POST", url: "/api/budgets/each-month/raises", headers } as const;
    const answer = await fixture.app.inject({ ...request, payload: raise });
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toMatchObject({ budgetId: "each-month", by: 5_500_000, of: "bob" });
    const log = await fixture.store.selectFrom("adminLog").selectAll().execute();
    expect(log.at(-1)).toMatchObject({
      action: "budget.raise",
      actor: "person:ada",
      entityId: "each-month",
    });
  });

  test.each([
    ["an unknown budget", "nothing", raise, 404, "WEIR_BUDGET_NOT_FOUND"],
    ["less than nothing", "each-month", { ...raise, by: -1 }, 400, "WEIR_INVALID_REQUEST"],
    ["a field too many", "each-month", { ...raise, limit: 1 }, 400, "WEIR_INVALID_REQUEST"],
    ["an end in the past", "each-month", { ...raise, untilMs: 1 }, 400, "WEIR_INVALID_REQUEST"],
  ])("a raise of %s changes nothing", async (_what, id, payload, status, code) => {
    await using fixture = await createControlFixture();
    const headers = await fixture.signIn("ada");
    const url = `/api/budgets/${id}/raises`;
    const answer = await fixture.app.inject({ method: "POST", url, headers, payload });
    expect(answer.statusCode).toBe(status);
    expect(problemOf(answer.body).code).toBe(code);
    expect(await fixture.store.selectFrom("budgetRaises").selectAll().execute()).toEqual([]);
  });

  test("an employee may neither raise budgets nor see those of others", async () => {
    await using fixture = await createControlFixture();
    const headers = await fixture.signIn("bob");
    const raised = await fixture.app.inject({
      method: "POST",
      url: "/api/budgets/each-month/raises",
      headers,
      payload: raise,
    });
    expect(raised.statusCode).toBe(403);
    expect((await fixture.app.inject({ url: "/api/budgets", headers })).statusCode).toBe(403);
  });

  test("what counters start from is for those who have the control token alone", async () => {
    await using fixture = await createControlFixture();
    const headers = await fixture.signIn("ada");
    const answer = await fixture.app.inject({ url: "/internal/budgets/spent", headers });
    expect(answer.statusCode).toBe(401);
  });

  test("of limits that others share one sees that they are, not how much is used", async () => {
    const [mine] = testBudgets;
    if (mine === undefined) throw new Error("there is a budget");
    const others: Config["budgets"] = [
      { ...mine, id: "team", by: "team", of: "beta" },
      { ...mine, id: "other-team", by: "team", of: "alpha" },
      { ...mine, id: "cc", by: "cost_center", of: "cc-2" },
      { ...without(mine, "window"), id: "open", unit: "concurrency" },
    ];
    await using fixture = await createControlFixture({}, others);
    const answer = await fixture.app.inject({
      url: "/api/me/budgets",
      headers: await fixture.signIn("bob"),
    });
    expect(answer.statusCode).toBe(200);
    const { budgets } = answer.json<{ budgets: { id: string; spent: number | null }[] }>();
    expect(budgets.map(({ id, spent }) => [id, spent])).toEqual([
      ["team", null],
      ["cc", null],
      ["open", null],
    ]);
  });

  test("bug: whose limit was raised is none of finance's business", async () => {
    await using fixture = await createControlFixture();
    const headers = await fixture.signIn("ada");
    const url = "/api/budgets/each-month/raises";
    for (const payload of [raise, { ...raise, of: "", by: 1 }])
      await fixture.app.inject({ method: "POST", url, headers, payload });
    const answer = await fixture.app.inject({ url: "/api/budgets", headers });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).not.toContain("bob");
    expect(answer.json()).toMatchObject({
      budgets: [{ budget: { id: "each-month", raises: [{ by: 1_000_000, of: "" }] } }],
    });
  });

  test("who is erased leaves no raise behind, and no reason that names them", async () => {
    await using fixture = await createControlFixture();
    const headers = await fixture.signIn("ada");
    const url = "/api/budgets/each-month/raises";
    for (const payload of [raise, { ...raise, of: "", reason: "for bob's release" }]) {
      await fixture.app.inject({ method: "POST", url, headers, payload });
    }
    await closeAccount(fixture.context, "bob");
    const left = await fixture.store.selectFrom("budgetRaises").selectAll().execute();
    expect(left.map(({ counted, reason }) => [counted, reason])).toEqual([["", ""]]);
  });
});

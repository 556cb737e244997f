import { expect, test } from "vitest";
import type { RecomputeProgress } from "../contracts/api/prices.ts";
import { ControlError } from "./errors.ts";
import type { PriceDesk } from "./prices.ts";
import { createControlFixture, problemOf } from "./testing/control-fixture.ts";

const range = { from: "2026-11-01", to: "2026-11-02", dryRun: false };
const step: RecomputeProgress = {
  day: "2026-11-01",
  finished: false,
  calls: 1,
  changed: 1,
  oldMicroUsd: 1,
  newMicroUsd: 2,
  stillUnpriced: 0,
  leftAlone: 0,
};

function desk(changes: Partial<PriceDesk> = {}): PriceDesk {
  return {
    unpricedModels: () => Promise.resolve({ models: [], asOfMs: 1 }),
    recompute: async function* steps() {
      yield step;
      yield { ...step, finished: true };
    },
    idle: () => Promise.resolve(),
    ...changes,
  };
}

test("unpriced models are for finance and admins, whole or in a range", async () => {
  const asked: object[] = [];
  const prices = desk({
    unpricedModels: (query) => {
      asked.push(query);
      return Promise.resolve({ models: [], asOfMs: 1 });
    },
  });
  await using fixture = await createControlFixture({ prices });
  const headers = await fixture.signIn("ada");
  const read = (url: string) => fixture.app.inject({ url, headers });
  expect((await read("/api/unpriced-models")).json()).toEqual({ models: [], asOfMs: 1 });
  await read("/api/unpriced-models?from=2026-11-01&to=2026-11-02");
  expect((await read("/api/unpriced-models?from=yesterday")).statusCode).toBe(400);
  expect(asked).toEqual([{}, { from: "2026-11-01", to: "2026-11-02" }]);
  const bob = await fixture.app.inject({
    url: "/api/unpriced-models",
    headers: await fixture.signIn("bob"),
  });
  expect([bob.statusCode, problemOf(bob.body).code]).toEqual([403, "WEIR_NOT_PERMITTED"]);
});

test("a recomputation tells its progress in lines, and stands in the admin log", async () => {
  await using fixture = await createControlFixture({ prices: desk() });
  const headers = await fixture.signIn("ada");
  const send = (payload: object) =>
    fixture.app.inject({ method: "POST", url: "/api/prices/recompute", headers, payload });
  const answer = await send(range);
  expect(answer.headers["content-type"]).toBe("application/x-ndjson");
  expect(
    answer.body
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual([step, { ...step, finished: true }]);
  await send({ ...range, dryRun: true });
  const log = await fixture.store
    .selectFrom("adminLog")
    .select(["actor", "entityId"])
    .where("action", "=", "prices.recompute")
    .execute();
  expect(log).toEqual([{ actor: "person:ada", entityId: "2026-11-01..2026-11-02" }]);
});

test("a recomputation that cannot begin is a problem, leaves no trace, and is the admin's alone", async () => {
  const prices = desk({
    recompute: async function* refuse() {
      yield* [];
      throw new ControlError("WEIR_RECOMPUTE_RUNNING", "Wait.");
    },
  });
  await using fixture = await createControlFixture({ prices });
  const send = async (person: string) =>
    fixture.app.inject({
      method: "POST",
      url: "/api/prices/recompute",
      headers: await fixture.signIn(person),
      payload: range,
    });
  const refused = await send("ada");
  expect([refused.statusCode, problemOf(refused.body).code]).toEqual([
    409,
    "WEIR_RECOMPUTE_RUNNING",
  ]);
  expect((await send("bob")).statusCode).toBe(403);
  const log = await fixture.store
    .selectFrom("adminLog")
    .select("action")
    .where("action", "=", "prices.recompute")
    .execute();
  expect(log).toEqual([]);
});

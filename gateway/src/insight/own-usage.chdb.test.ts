import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Value } from "typebox/value";
import { OwnUsage } from "../contracts/api/usage.ts";
import { readOwnUsage } from "./own-usage.ts";
import { callOf, openTestLedger, type TestLedger } from "./testing/test-ledger.ts";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

const utc = { from: "2026-03-01", to: "2026-03-03", timeZone: "UTC" };
const nowMs = Date.UTC(2026, 2, 31);

function ask(personId: string, query = utc): Promise<OwnUsage> {
  return readOwnUsage(ledger.client, { personId, query, nowMs });
}

const priced = (microUsd: number) => ({ microUsd, status: "priced", priceVersion: "1" }) as const;

describe("a person's own usage", () => {
  test("nothing at all: every day is there with zeros, latency is unknown and not 0", async () => {
    const usage = await ask("nobody");
    expect(Value.Check(OwnUsage, usage)).toBe(true);
    expect(usage.byDay.map(({ date, requests }) => [date, requests])).toEqual([
      ["2026-03-01", 0],
      ["2026-03-02", 0],
      ["2026-03-03", 0],
    ]);
    expect(usage.latency).toEqual({
      p50Ms: null,
      p95Ms: null,
      timeToFirstByteP50Ms: null,
      timeToFirstByteP95Ms: null,
    });
    expect(usage.totals.requests).toBe(0);
    expect(usage.everUsed).toBe(false);
    expect(usage.asOfMs).toBe(nowMs);
  });

  test("outcomes are counted for what they are: hanging up and being denied are no errors", async () => {
    const at = Date.UTC(2026, 2, 2, 12);
    await ledger.insertCalls([
      callOf("outcomes", at, { outcome: "completed" }),
      callOf("outcomes", at, { outcome: "client_abort" }),
      callOf("outcomes", at, { outcome: "denied" }),
      callOf("outcomes", at, { outcome: "upstream_error" }),
      callOf("outcomes", at, { outcome: "upstream_died" }),
      callOf("outcomes", at, { outcome: "timeout" }),
    ]);
    const { totals, byDay } = await ask("outcomes");
    expect(totals).toMatchObject({ requests: 6, denied: 1, errors: 3 });
    expect(byDay[1]).toMatchObject({ date: "2026-03-02", requests: 6, denied: 1, errors: 3 });
  });

  test("missing usage and missing prices are counted apart, never as zero tokens or no cost", async () => {
    const at = Date.UTC(2026, 2, 2, 12);
    const told = callOf("missing", at, { cost: priced(1_000_001) });
    await ledger.insertCalls([
      told,
      callOf("missing", at, {
        upstreamStatus: 200,
        usage: { ...told.usage, tokens: null, raw: "", source: "missing" },
        cost: { microUsd: null, status: "unpriced", priceVersion: "" },
      }),
      callOf("missing", at, {
        outcome: "denied",
        upstreamStatus: 0,
        usage: { ...told.usage, tokens: null, raw: "", source: "missing" },
        cost: { microUsd: 0, status: "not_billed", priceVersion: "" },
      }),
    ]);
    const { totals } = await ask("missing");
    expect(totals).toEqual({
      requests: 3,
      denied: 1,
      errors: 0,
      costMicroUsd: 1_000_001,
      unpricedRequests: 1,
      missingUsageRequests: 1,
      tokens: {
        inputUncached: 1,
        cacheRead: 2,
        cacheWrite: 3 + 4,
        outputVisible: 5,
        outputReasoning: 6,
        other: 7 + 8 + 9,
      },
    });
  });

  test("costs add up exactly, to the micro-dollar, above what 32 bits hold", async () => {
    const at = Date.UTC(2026, 2, 2, 12);
    const cost = priced(123_456_789_013);
    await ledger.insertCalls(Array.from({ length: 7 }, () => callOf("costs", at, { cost })));
    expect((await ask("costs")).totals.costMicroUsd).toBe(7 * 123_456_789_013);
  });

  test("models come dearest first; a model never reached goes by the name that was asked for", async () => {
    const at = Date.UTC(2026, 2, 2, 12);
    await ledger.insertCalls([
      callOf("models", at, { modelResolved: "cheap", cost: priced(1) }),
      callOf("models", at, { modelResolved: "dear", cost: priced(9) }),
      callOf("models", at, { modelResolved: "cheap", cost: priced(2) }),
      callOf("models", at, {
        provider: "",
        modelRequested: "unknown",
        modelResolved: "",
        outcome: "denied",
        cost: priced(0),
      }),
    ]);
    const { byModel } = await ask("models");
    expect(byModel.map((row) => [row.provider, row.model, row.requests, row.costMicroUsd])).toEqual(
      [
        ["simulator", "dear", 1, 9],
        ["simulator", "cheap", 2, 3],
        ["", "unknown", 1, 0],
      ],
    );
  });

  test("latency is that of completed calls; a call without a first byte has none", async () => {
    const at = Date.UTC(2026, 2, 2, 12);
    await ledger.insertCalls([
      callOf("latency", at, { durationMs: 100, timeToFirstByteMs: 10.5 }),
      callOf("latency", at, { durationMs: 300, timeToFirstByteMs: null }),
      callOf("latency", at, { durationMs: 9000, timeToFirstByteMs: 9, outcome: "client_abort" }),
      callOf("latency", at, { durationMs: 1, timeToFirstByteMs: null, outcome: "denied" }),
    ]);
    const { latency } = await ask("latency");
    expect(latency.p95Ms).toBe(300);
    expect(latency.timeToFirstByteP50Ms).toBe(10.5);
  });

  test.each(["UTC", "Asia/Kolkata"])(
    "a corrected call counts once, as corrected, in a zone such as %s",
    async (timeZone) => {
      const personId = `corrected ${timeZone}`;
      const missing = { microUsd: null, status: "unpriced", priceVersion: "" } as const;
      const wrong = callOf(personId, Date.UTC(2026, 2, 2, 12), { cost: missing });
      await ledger.insertCalls([wrong]);
      // As a recomputation of prices writes it.
      await ledger.client.command({
        query: `INSERT INTO calls SELECT * REPLACE (
            'right of ${wrong.id}' AS id, calls.id AS supersedes, 7 AS cost_micro_usd, 'priced' AS cost_status,
            calls.cost_micro_usd AS superseded_cost_micro_usd,
            calls.cost_status AS superseded_cost_status)
          FROM calls WHERE calls.id = '${wrong.id}'`,
      });
      const { totals, byModel } = await ask(personId, { ...utc, timeZone });
      expect(totals).toMatchObject({ requests: 1, costMicroUsd: 7, unpricedRequests: 0 });
      expect(byModel).toMatchObject([{ requests: 1, costMicroUsd: 7 }]);
    },
  );

  test("a zone of half hours has the same figures as one of whole hours", async () => {
    const at = Date.UTC(2026, 2, 2, 12);
    const { usage } = callOf("zones", at);
    await ledger.insertCalls([
      callOf("zones", at, { cost: priced(1_234) }),
      callOf("zones", at + 1, { outcome: "denied", modelResolved: "other" }),
      callOf("zones", at + 2, { outcome: "timeout", usage: { ...usage, source: "missing" } }),
      callOf("zones", at + 3, {
        operation: "models",
        provider: "",
        modelRequested: "",
        modelResolved: "",
      }),
    ]);
    const whole = await ask("zones");
    expect(whole.totals).toMatchObject({ requests: 3, denied: 1, errors: 1 });
    const half = await ask("zones", { ...utc, timeZone: "Asia/Kolkata" });
    const { totals, byModel, byDay, latency } = whole;
    expect(half).toMatchObject({ totals, byModel, byDay, latency });
  });

  test("nobody sees another person's calls, whatever the other one's id looks like", async () => {
    const at = Date.UTC(2026, 2, 2, 12);
    await ledger.insertCalls([callOf("o'hara", at), callOf("victim", at)]);
    expect((await ask("o'hara")).totals.requests).toBe(1);
    for (const personId of ["' OR 1=1 --", "%", "victim\\", "{personId:String}", ""]) {
      expect((await ask(personId)).totals.requests).toBe(0);
    }
  });

  test("an agent's calls are those of the person for whom it acted", async () => {
    const at = Date.UTC(2026, 2, 2, 12);
    const call = callOf("triage", at);
    const principal = call.principal && { ...call.principal, kind: "agent" as const };
    await ledger.insertCalls([
      {
        ...call,
        principal: principal && { ...principal, onBehalfOf: "behalf", agentId: "triage" },
      },
    ]);
    expect((await ask("behalf")).totals.requests).toBe(1);
    expect((await ask("triage")).totals.requests).toBe(0);
  });

  test("a call outside the range still means: has used it", async () => {
    await ledger.insertCalls([callOf("early", Date.UTC(2026, 1, 20))]);
    expect(await ask("early")).toMatchObject({ everUsed: true, totals: { requests: 0 } });
  });
});

describe("days in the person's time zone", () => {
  async function counted(personId: string, query: typeof utc): Promise<[string, number][]> {
    const usage = await ask(personId, query);
    return usage.byDay.map(({ date, requests }) => [date, requests]);
  }

  test("Berlin, the day of 23 hours: from 23:00Z on the eve to 22:00Z", async () => {
    await ledger.insertCalls([
      callOf("spring", Date.UTC(2026, 2, 28, 22, 59, 59, 999)),
      callOf("spring", Date.UTC(2026, 2, 28, 23)),
      callOf("spring", Date.UTC(2026, 2, 29, 21, 59, 59, 999)),
      callOf("spring", Date.UTC(2026, 2, 29, 22)),
    ]);
    const query = { from: "2026-03-28", to: "2026-03-30", timeZone: "Europe/Berlin" };
    expect(await counted("spring", query)).toEqual([
      ["2026-03-28", 1],
      ["2026-03-29", 2],
      ["2026-03-30", 1],
    ]);
  });

  test("New York, the day of 25 hours: the hour that comes twice belongs to it twice", async () => {
    await ledger.insertCalls([
      callOf("autumn", Date.UTC(2026, 10, 1, 3, 59, 59, 999)),
      callOf("autumn", Date.UTC(2026, 10, 1, 4)),
      callOf("autumn", Date.UTC(2026, 10, 1, 5, 30)),
      callOf("autumn", Date.UTC(2026, 10, 1, 6, 30)),
      callOf("autumn", Date.UTC(2026, 10, 2, 4, 59, 59, 999)),
      callOf("autumn", Date.UTC(2026, 10, 2, 5)),
    ]);
    const query = { from: "2026-10-31", to: "2026-11-02", timeZone: "America/New_York" };
    expect(await counted("autumn", query)).toEqual([
      ["2026-10-31", 1],
      ["2026-11-01", 4],
      ["2026-11-02", 1],
    ]);
  });

  test.each([
    ["Pacific/Kiritimati", Date.UTC(2026, 2, 1, 10), "2026-03-02"],
    ["Pacific/Pago_Pago", Date.UTC(2026, 2, 1, 10), "2026-02-28"],
    ["Asia/Kathmandu", Date.UTC(2026, 2, 1, 18, 15), "2026-03-02"],
  ])("%s, far from UTC or off the hour", async (timeZone, at, day) => {
    await ledger.insertCalls([callOf(timeZone, at)]);
    const query = { from: day, to: day, timeZone };
    expect(await counted(timeZone, query)).toEqual([[day, 1]]);
  });

  test.each(["Mars/Olympus", "+02:00", "UTC'; DROP TABLE calls"])(
    "%s is refused as a time zone",
    async (timeZone) => {
      await expect(ask("nobody", { ...utc, timeZone })).rejects.toMatchObject({
        code: "WEIR_INVALID_TIME_ZONE",
      });
    },
  );
});

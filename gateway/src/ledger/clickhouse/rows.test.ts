import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sampleCall, sampleDecision } from "../testing/events.ts";
import { callRow, decisionRow, partitionOf } from "./rows.ts";

const directory = join(import.meta.dirname, "migrations");

/** What the table was created with and what migrations have added to it, less what has a default. */
async function columnsOf(table: string): Promise<string[]> {
  const files = (await readdir(directory)).filter((name) => name.endsWith(".sql")).toSorted();
  const columns: string[] = [];
  for (const file of files) {
    const sql = await readFile(join(directory, file), "utf8");
    for (const statement of sql.split(/;\n/)) {
      const head = new RegExp(`^(?:CREATE TABLE IF NOT EXISTS|ALTER TABLE) ${table}$`, "m");
      if (!head.test(statement)) continue;
      const column =
        /^ {4}(?:ADD COLUMN IF NOT EXISTS )?`?([\w.]+)`? (?!.* DEFAULT )\S.* COMMENT '/gm;
      columns.push(...[...statement.matchAll(column)].map((match) => match[1] ?? ""));
    }
  }
  return columns;
}

/** Every leaf of a value with its path; containers are walked, so that only they are proxied. */
function trackReads(value: unknown, path: string, seen: Set<string>, all: Set<string>): unknown {
  if (typeof value !== "object" || value === null) return value;
  for (const key of Object.keys(value)) all.add(`${path}.${key}`);
  return new Proxy(value, {
    get(target, key, receiver) {
      const inner: unknown = Reflect.get(target, key, receiver);
      if (typeof key === "symbol" || !(key in target) || typeof inner === "function") return inner;
      seen.add(`${path}.${key}`);
      return trackReads(inner, `${path}.${key}`, seen, all);
    },
    ownKeys(target) {
      for (const key of Object.keys(target)) seen.add(`${path}.${key}`);
      return Reflect.ownKeys(target);
    },
  });
}

function unreadFields<T extends object>(event: T, use: (event: T) => unknown): string[] {
  const seen = new Set<string>();
  const all = new Set<string>();
  // Serialised too, as the shipper does: lists and maps go into a column as they are.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  JSON.stringify(use(trackReads(event, "", seen, all) as T));
  return [...all].filter((path) => !seen.has(path));
}

describe("a row", () => {
  test("of calls has every column of its table, and no other", async () => {
    expect(Object.keys(callRow(sampleCall(1))).toSorted()).toEqual(
      (await columnsOf("calls")).toSorted(),
    );
  });

  test("of a call that was spooled by the version before has what it lacks filled in", () => {
    const { auxiliary, traceId, failedAttempts, flags, ...older } = sampleCall(1);
    const whole = { auxiliary, traceId, failedAttempts, flags, ...older };
    expect(callRow(older)).toEqual(callRow(whole));
  });

  test("of decisions has every column of its table, and no other", async () => {
    expect(Object.keys(decisionRow(sampleDecision(1))).toSorted()).toEqual(
      (await columnsOf("decisions")).toSorted(),
    );
  });

  test("loses no field of the event", () => {
    const { principal } = sampleDecision(1);
    expect(unreadFields(sampleCall(1, { principal }), callRow)).toEqual([]);
    expect(unreadFields(sampleDecision(1), decisionRow)).toEqual([]);
  });

  test("belongs to the person an agent acts for, else to the principal", () => {
    const { principal } = sampleDecision(1);
    expect(callRow(sampleCall(1, { principal })).person_id).toBe("person-1");
    expect(callRow(sampleCall(7)).person_id).toBe("person-2");
    expect(callRow(sampleCall(1, { principal: null })).person_id).toBe("");
  });

  test("keeps missing usage missing", () => {
    const usage = { ...sampleCall(1).usage, tokens: null, source: "missing" as const };
    const cost = { microUsd: null, status: "unpriced" as const, priceVersion: "v" };
    expect(callRow(sampleCall(1, { usage, cost }))).toMatchObject({
      input_uncached: null,
      output_visible: null,
      cost_micro_usd: null,
    });
  });

  test("falls into the UTC day of its event", () => {
    expect(partitionOf(Date.UTC(2026, 10, 23, 23, 59, 59, 999))).toBe("20261123");
    expect(partitionOf(Date.UTC(2026, 10, 24))).toBe("20261124");
  });
});

import { describe, expect, test } from "vitest";
import { sampleCall, sampleDecision } from "../testing/events.ts";
import { callRow, decisionRow } from "../testing/row-object.ts";
import { columnsOf, partitionOf, versionOf } from "./layout.ts";
import { encodeRecord, layouts } from "./record.ts";

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
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  use(trackReads(event, "", seen, all) as T);
  return [...all].filter((path) => !seen.has(path));
}

describe("a row", () => {
  test.each(["call", "decision", "admin", "access", "content"] as const)(
    "of a %s has as many columns as its newest version says, and each once",
    (type) => {
      const names = columnsOf(layouts[type], versionOf(layouts[type]));
      expect(names).toHaveLength(layouts[type].columns.length + 3);
      expect(new Set(names).size).toBe(names.length);
    },
  );

  test("loses no field of the event, but for what stands in the decision's own row", () => {
    const { principal } = sampleDecision(1);
    const lost = unreadFields(sampleCall(1, { principal }), callRow);
    const inDecision = /^\.decision\.(obligations|retryable|userMessage|rules\.0\.(owner|reason))/;
    expect(lost.filter((path) => !inDecision.test(path))).toEqual([]);
    expect(
      unreadFields(sampleDecision(1), (event) => encodeRecord({ type: "decision", event })),
    ).toEqual([]);
  });

  test("belongs to the person an agent acts for, else to the principal", () => {
    const { principal } = sampleDecision(1);
    expect(callRow(sampleCall(1, { principal }))["person_id"]).toBe("person-1");
    expect(callRow(sampleCall(7))["person_id"]).toBe("person-2");
    expect(callRow(sampleCall(1, { principal: null }))["person_id"]).toBe("");
  });

  test("keeps missing usage missing", () => {
    const usage = { ...sampleCall(1).usage, tokens: null, source: "missing" as const };
    const cost = { microUsd: null, status: "unpriced" as const, priceVersion: "v" };
    const { fields } = encodeRecord({ type: "call", event: sampleCall(1, { usage, cost }) });
    expect(fields.split("\t").filter((field) => field === "\\N")).toHaveLength(11);
  });

  test("keeps a tab, a newline and a quote inside its field", () => {
    const row = decisionRow(sampleDecision(1, { callId: "a\tb\n'c'\\d\0" }));
    expect(row["call_id"]).toBe("a\tb\n'c'\\d\0");
  });

  test.each([Number.NaN, 1.5, Number.POSITIVE_INFINITY])("cannot be made of the time %s", (at) => {
    expect(() => callRow(sampleCall(1, { startedAtMs: at }))).toThrow(RangeError);
  });

  test("falls into the UTC day of its event", () => {
    expect(partitionOf(Date.UTC(2026, 10, 23, 23, 59, 59, 999))).toBe("20261123");
    expect(partitionOf(Date.UTC(2026, 10, 24))).toBe("20261124");
  });
});

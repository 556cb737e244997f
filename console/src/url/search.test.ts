import { describe, expect, test } from "vitest";
import { parseDecisionsSearch } from "./decisions-search.ts";
import { parseSearch, stringifySearch } from "./search-string.ts";
import { parseUsageSearch, resolveUsageRange } from "./usage-search.ts";

describe("the address of /usage", () => {
  test("reproduces the view it was copied from", () => {
    const search = {
      range: "custom",
      from: "2026-11-01",
      to: "2026-11-22",
      tz: "Europe/Berlin",
    } as const;
    const text = stringifySearch(search);
    expect(text).toBe("?range=custom&from=2026-11-01&to=2026-11-22&tz=Europe/Berlin");
    expect(parseUsageSearch(parseSearch(text))).toEqual(search);
  });

  test("drops what is wrong and keeps the rest", () => {
    expect(parseUsageSearch({ range: "900d", tz: "UTC" })).toEqual({ tz: "UTC" });
    expect(parseUsageSearch({ range: "30d", tz: "Mars/Olympus" })).toEqual({ range: "30d" });
    expect(parseUsageSearch({ range: "custom", from: "2026-11-22", to: "2026-11-01" })).toEqual({});
    expect(parseUsageSearch({ range: ["7d"], from: {}, tz: 7 })).toEqual({});
  });

  test("means the last seven days when it says nothing", () => {
    expect(resolveUsageRange({}, "2026-11-22")).toEqual({ from: "2026-11-16", to: "2026-11-22" });
  });
});

describe("the address of /decisions", () => {
  test("keeps a decision's id as it is, even one that looks like a number", () => {
    const text = stringifySearch({ show: "denied", decision: "1234567890123456789" });
    expect(parseDecisionsSearch(parseSearch(text))).toEqual({
      show: "denied",
      decision: "1234567890123456789",
    });
  });

  test("drops an unknown filter and an id that no decision can have", () => {
    expect(parseDecisionsSearch({ show: "everything", decision: "../../etc" })).toEqual({});
    expect(parseDecisionsSearch({ show: "all", decision: "x".repeat(200) })).toEqual({});
  });
});

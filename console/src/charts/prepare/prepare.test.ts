import type { OwnUsage } from "@weir/gateway/contracts";
import { describe, expect, test } from "vitest";
import { busySlice, quietSlice, quietUsage, today, usage } from "../../testing/fixtures.ts";
import { addDays } from "../../url/calendar-day.ts";
import { bucketDays } from "./buckets.ts";
import { prepareCaveats } from "./caveats.ts";
import { prepareModels } from "./models.ts";
import { prepareSpendOverTime } from "./spend-over-time.ts";
import { prepareStats } from "./stats.ts";
import { totalTokens } from "./token-classes.ts";
import { prepareTokenMix } from "./token-mix.ts";
import { prepareTokensOverTime } from "./tokens-over-time.ts";

const days = (count: number): OwnUsage["byDay"] =>
  Array.from({ length: count }, (_, index) => ({
    date: addDays(today, index - count + 1),
    ...busySlice,
  }));

const unpriced = { ...busySlice, costMicroUsd: 0, unpricedRequests: 120 };

describe("tokens", () => {
  test("cached tokens are counted once: the classes add up to the total", () => {
    expect(totalTokens(busySlice.tokens)).toBe(5000);
    const mix = prepareTokenMix(usage.totals.tokens);
    expect(mix.totalExact).toBe("10,000 tokens");
    expect(mix.parts.reduce((sum, part) => sum + part.fraction, 0)).toBeCloseTo(1);
  });

  test("the class Other shows only where there is some", () => {
    expect(prepareTokensOverTime(usage, today).series).toHaveLength(5);
    const tokens = { ...usage.totals.tokens, other: 1 };
    const withOther = { ...usage, totals: { ...usage.totals, tokens } };
    expect(prepareTokensOverTime(withOther, today).series.at(-1)?.label).toBe("Other");
  });

  test("the table has every figure of the chart in full", () => {
    const { table } = prepareTokensOverTime(usage, today);
    expect(table.columns).toEqual([
      "Day",
      "Input",
      "Cache read",
      "Cache write",
      "Output",
      "Reasoning",
      "Total",
    ]);
    expect(table.rows[0]?.cells).toEqual([
      "Sat 21 Nov 2026",
      "1,000",
      "3,000",
      "500",
      "400",
      "100",
      "5,000",
    ]);
  });

  test("no tokens at all is said, not drawn", () => {
    const chart = prepareTokensOverTime(quietUsage, today);
    expect(chart.isBlank).toBe(true);
    expect(chart.summary).toBe("No tokens in this range.");
    expect(prepareTokenMix(quietUsage.totals.tokens).parts[0]?.share).toBe("–");
  });
});

describe("days", () => {
  test("today is marked as not over, yesterday is not", () => {
    const rows = prepareTokensOverTime(usage, today).rows;
    expect(rows.map((row) => row.incomplete)).toEqual([false, true]);
    expect(rows[1]?.longLabel).toBe("Sun 22 Nov 2026 (so far)");
  });

  test("a day still to come is a gap and not a zero", () => {
    const tomorrow = { ...usage, byDay: [...usage.byDay, { date: "2026-11-23", ...quietSlice }] };
    expect(prepareTokensOverTime(tomorrow, today).rows.at(-1)?.values["inputUncached"]).toBeNull();
    expect(prepareSpendOverTime(tomorrow, today).rows.at(-1)?.values["spend"]).toBeNull();
    expect(prepareSpendOverTime(tomorrow, today).table.rows.at(-1)?.cells[1]).toBe("–");
  });

  test("beyond 62 days a bar is a week, and no request is lost", () => {
    expect(bucketDays(days(62), today).unit).toBe("day");
    const { unit, buckets } = bucketDays(days(90), today);
    expect(unit).toBe("week");
    expect(buckets.reduce((sum, each) => sum + (each.slice?.requests ?? 0), 0)).toBe(90 * 120);
    expect(buckets.filter((each) => each.incomplete).map((each) => each.key)).toEqual([
      "2026-11-16",
    ]);
  });
});

describe("cost", () => {
  test("a day without any price is a gap and not a zero", () => {
    const mixed = { ...usage, byDay: [{ date: "2026-11-21", ...unpriced }, ...days(1)] };
    const { rows, table } = prepareSpendOverTime(mixed, today);
    expect(rows[0]?.values["spend"]).toBeNull();
    expect(table.rows[0]?.cells).toEqual(["Sat 21 Nov 2026", "unknown", "120", "120"]);
  });

  test("a day without calls did cost nothing", () => {
    const quiet = { ...usage, byDay: [{ date: "2026-11-21", ...quietSlice }, ...days(1)] };
    expect(prepareSpendOverTime(quiet, today).rows[0]?.values["spend"]).toBe(0);
  });

  test("spend with unpriced requests is a lower bound, and says so", () => {
    const totals = { ...usage.totals, unpricedRequests: 7 };
    expect(prepareStats({ ...usage, totals })[0]).toMatchObject({
      value: "≥ $2.47",
      exact: "$2.469134 USD",
      note: "7 requests without a price",
    });
  });

  test("nothing but unpriced requests is unknown spend", () => {
    expect(prepareStats({ ...usage, totals: unpriced })[0]?.value).toBe("unknown");
    const onlyUnpriced = { ...usage, totals: unpriced };
    expect(prepareSpendOverTime(onlyUnpriced, today).summary).toContain("unknown");
  });

  test("latency that nobody measured is a dash", () => {
    expect(prepareStats(quietUsage).find((stat) => stat.id === "latency")).toMatchObject({
      value: "–",
      note: "no data",
    });
  });
});

describe("models", () => {
  const many = Array.from({ length: 14 }, (_, index) => ({
    provider: "openai",
    model: `model-${index}`,
    ...busySlice,
  }));

  test("the tail is gathered as Others, with every request in it", () => {
    const { rows, shown } = prepareModels({ ...usage, byModel: many });
    expect(rows).toHaveLength(13);
    expect(rows.at(-1)).toMatchObject({ model: "Others (2)", requests: "240" });
    expect(shown).toBe("12 of 14 models");
  });

  test("a model without a price has an unknown share, never 0%", () => {
    const byModel = [{ provider: "vllm", model: "own", ...unpriced }];
    expect(prepareModels({ ...usage, byModel }).rows[0]).toMatchObject({
      spend: "unknown",
      share: null,
      shareText: "unknown",
    });
  });

  test("with no spend known the shares are of tokens", () => {
    const byModel = [{ provider: "vllm", model: "own", ...unpriced }];
    const { shareOf, rows } = prepareModels({ ...usage, totals: unpriced, byModel });
    expect(shareOf).toBe("tokens");
    expect(rows[0]?.shareText).toBe("100%");
  });
});

describe("caveats", () => {
  test("unpriced and missing usage are called out by number", () => {
    const totals = { ...usage.totals, unpricedRequests: 1, missingUsageRequests: 2 };
    expect(prepareCaveats({ ...usage, totals }, today, 14).map((each) => each.title)).toEqual([
      "Cost unknown for 1 request",
      "No usage reported for 2 requests",
    ]);
  });

  test("models without a price are named; one that only told no usage is not among them", () => {
    const byModel = [
      { provider: "vllm", model: "llama", ...busySlice, unpricedRequests: 5 },
      {
        provider: "lab",
        model: "qwen",
        ...busySlice,
        unpricedRequests: 3,
        missingUsageRequests: 1,
      },
      {
        provider: "openai",
        model: "gpt",
        ...busySlice,
        unpricedRequests: 1,
        missingUsageRequests: 1,
      },
      { provider: "openai", model: "gpt-mini", ...busySlice },
    ];
    const totals = { ...usage.totals, unpricedRequests: 9, missingUsageRequests: 2 };
    const [caveat] = prepareCaveats({ ...usage, totals, byModel }, today, 14);
    expect(caveat?.detail).toMatch(/the price of llama \(vllm\) and qwen \(lab\)\. .*not zero/);
    const many = Array.from({ length: 9 }, (_, index) => {
      return { provider: "p", model: `m${index}`, ...busySlice, unpricedRequests: 1 };
    });
    const [long] = prepareCaveats({ ...usage, totals, byModel: many }, today, 14);
    expect(long?.detail).toMatch(/m5 \(p\) and 3 more\./);
    expect(long?.detail).not.toMatch(/m6/);
  });

  test("days before the retention time are unknown, not quiet", () => {
    const old = { date: "2026-11-01", ...quietSlice };
    const [caveat] = prepareCaveats({ ...usage, byDay: [old, ...usage.byDay] }, today, 14);
    expect(caveat?.title).toBe("Nothing is on record before 8 Nov 2026");
    expect(prepareCaveats(usage, today, 14)).toEqual([]);
  });
});

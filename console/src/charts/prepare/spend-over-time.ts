import type { OwnUsage } from "@weir/gateway/contracts";
import { formatMoney } from "../../format/money.ts";
import { formatCount, formatNoun } from "../../format/numbers.ts";
import type { CalendarDay } from "../../url/calendar-day.ts";
import type { ChartData, ChartRow } from "../chart-data.ts";
import { type Bucket, bucketDays } from "./buckets.ts";
import { costInWords, knownCost } from "./cost.ts";

function toRow(bucket: Bucket): ChartRow {
  const { slice } = bucket;
  return {
    key: bucket.key,
    label: bucket.label,
    longLabel: bucket.incomplete ? `${bucket.longLabel} (so far)` : bucket.longLabel,
    incomplete: bucket.incomplete,
    values: { spend: slice === null ? null : knownCost(slice) },
    exact:
      slice === null
        ? {}
        : {
            spend: costInWords(slice, "exact"),
            total: formatNoun(slice.requests, "request"),
          },
  };
}

function summarise(usage: OwnUsage, buckets: readonly Bucket[], unit: string): string {
  const costs = buckets.map((bucket) =>
    bucket.slice === null ? 0 : (knownCost(bucket.slice) ?? 0),
  );
  const highest = Math.max(0, ...costs);
  if (highest === 0) {
    return usage.totals.unpricedRequests > 0
      ? "The cost of these requests is unknown."
      : "No spend in this range.";
  }
  const peak = buckets[costs.indexOf(highest)];
  return `${costInWords(usage.totals)} in all; dearest ${unit} ${peak?.longLabel ?? "unknown"} with ${formatMoney(highest)}.`;
}

/** Spend by day or week; a bucket whose cost is unknown is a gap. */
export function prepareSpendOverTime(usage: OwnUsage, today: CalendarDay): ChartData {
  const { unit, buckets } = bucketDays(usage.byDay, today);
  const rows = buckets.map(toRow);
  return {
    title: `Spend by ${unit}`,
    summary: summarise(usage, buckets, unit),
    series: [{ key: "spend", label: "Spend", color: "spend" }],
    rows,
    axisTick: formatMoney,
    isBlank: usage.totals.costMicroUsd === 0,
    table: {
      caption: `Spend in US dollars by ${unit}, time zone ${usage.range.timeZone}`,
      columns: [unit === "day" ? "Day" : "Week", "Spend (USD)", "Requests", "Without a price"],
      rows: buckets.map(({ key, slice }, index) => ({
        key,
        cells: [
          rows[index]?.longLabel ?? "",
          slice === null ? "–" : costInWords(slice, "exact"),
          slice === null ? "–" : formatCount(slice.requests),
          slice === null ? "–" : formatCount(slice.unpricedRequests),
        ],
      })),
    },
  };
}

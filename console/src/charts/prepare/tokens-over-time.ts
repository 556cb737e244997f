import type { OwnUsage } from "@weir/gateway/contracts";
import { formatCompact, formatCount, formatNoun } from "../../format/numbers.ts";
import type { CalendarDay } from "../../url/calendar-day.ts";
import type { ChartData, ChartRow } from "../chart-data.ts";
import { type Bucket, bucketDays } from "./buckets.ts";
import { shownClasses, type TokenClass, totalTokens } from "./token-classes.ts";

function toRow(bucket: Bucket, classes: readonly TokenClass[]): ChartRow {
  const tokens = bucket.slice?.tokens ?? null;
  return {
    key: bucket.key,
    label: bucket.label,
    longLabel: bucket.incomplete ? `${bucket.longLabel} (so far)` : bucket.longLabel,
    incomplete: bucket.incomplete,
    values: Object.fromEntries(
      classes.map((each) => [each.key, tokens === null ? null : tokens[each.key]]),
    ),
    exact:
      tokens === null
        ? {}
        : {
            ...Object.fromEntries(classes.map((each) => [each.key, formatCount(tokens[each.key])])),
            total: formatNoun(totalTokens(tokens), "token"),
          },
  };
}

function summarise(usage: OwnUsage, buckets: readonly Bucket[], unit: string): string {
  const all = totalTokens(usage.totals.tokens);
  if (all === 0) return "No tokens in this range.";
  const sizes = buckets.map((bucket) =>
    bucket.slice === null ? 0 : totalTokens(bucket.slice.tokens),
  );
  const peak = buckets[sizes.indexOf(Math.max(...sizes))];
  const cached = usage.totals.tokens.cacheRead;
  const sent = usage.totals.tokens.inputUncached + cached + usage.totals.tokens.cacheWrite;
  const cacheNote =
    cached > 0 ? ` The prompt cache served ${Math.round((cached / sent) * 100)}% of input.` : "";
  return `${formatNoun(all, "token")} in all; busiest ${unit} ${peak?.longLabel ?? "unknown"} with ${formatCompact(Math.max(...sizes))}.${cacheNote}`;
}

/** Tokens of each class, stacked, by day or week. */
export function prepareTokensOverTime(usage: OwnUsage, today: CalendarDay): ChartData {
  const { unit, buckets } = bucketDays(usage.byDay, today);
  const classes = shownClasses(usage.totals.tokens);
  const rows = buckets.map((bucket) => toRow(bucket, classes));
  return {
    title: `Tokens by ${unit}`,
    summary: summarise(usage, buckets, unit),
    series: classes,
    rows,
    axisTick: formatCompact,
    isBlank: totalTokens(usage.totals.tokens) === 0,
    table: {
      caption: `Tokens by ${unit} and class, time zone ${usage.range.timeZone}`,
      columns: [unit === "day" ? "Day" : "Week", ...classes.map((each) => each.label), "Total"],
      rows: rows.map((row) => ({
        key: row.key,
        cells: [
          row.longLabel,
          ...classes.map((each) => row.exact[each.key] ?? "–"),
          row.exact["total"]?.replace(/ tokens?$/, "") ?? "–",
        ],
      })),
    },
  };
}

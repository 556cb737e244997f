import type { OwnUsage, UsageSlice } from "@weir/gateway/contracts";
import { formatNoun } from "../../format/numbers.ts";
import { addDays, type CalendarDay, formatDay } from "../../url/calendar-day.ts";

export interface Caveat {
  readonly id: "unpriced" | "missing-usage" | "expired";
  readonly tone: "warning" | "info";
  readonly title: string;
  readonly detail: string;
}

function unpriced({ unpricedRequests }: UsageSlice): Caveat[] {
  if (unpricedRequests === 0) return [];
  return [
    {
      id: "unpriced",
      tone: "warning",
      title: `Cost unknown for ${formatNoun(unpricedRequests, "request")}`,
      detail:
        "Their model has no price, or its provider told no usage, so the real spend is higher than shown. Prices can be set for a provider in weir.yaml.",
    },
  ];
}

function missingUsage({ missingUsageRequests }: UsageSlice): Caveat[] {
  if (missingUsageRequests === 0) return [];
  return [
    {
      id: "missing-usage",
      tone: "warning",
      title: `No usage reported for ${formatNoun(missingUsageRequests, "request")}`,
      detail:
        "The provider answered without saying how many tokens it used: they are missing here, not zero.",
    },
  ];
}

function expired(usage: OwnUsage, today: CalendarDay, retentionDays: number): Caveat[] {
  const firstKept = addDays(today, -retentionDays);
  const gone = usage.byDay.filter((day) => day.date < firstKept);
  if (gone.length === 0 || gone.some((day) => day.requests > 0)) return [];
  return [
    {
      id: "expired",
      tone: "info",
      title: `Nothing is on record before ${formatDay(firstKept)}`,
      detail: `Calls are kept for ${formatNoun(retentionDays, "day")}, so earlier days of this range are unknown, not quiet.`,
    },
  ];
}

/** What the figures leave out, so that nobody takes unknown for zero. */
export const prepareCaveats = (
  usage: OwnUsage,
  today: CalendarDay,
  retentionDays: number,
): readonly Caveat[] => [
  ...unpriced(usage.totals),
  ...missingUsage(usage.totals),
  ...expired(usage, today, retentionDays),
];

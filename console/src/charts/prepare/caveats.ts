import type { OwnUsage, UsageSlice } from "@weir/gateway/contracts";
import { formatNoun } from "../../format/numbers.ts";
import { addDays, type CalendarDay, formatDay } from "../../url/calendar-day.ts";

const list = new Intl.ListFormat("en-GB", { type: "conjunction" });

export interface Caveat {
  readonly id: "unpriced" | "missing-usage" | "expired";
  readonly tone: "warning" | "info";
  readonly title: string;
  readonly detail: string;
}

const maxNamed = 6;

/** Models of which some usage was told and yet no cost: what they lack is a price. */
function unpricedNames(byModel: OwnUsage["byModel"]): string {
  const names = byModel
    .filter((each) => each.unpricedRequests > each.missingUsageRequests && each.model !== "")
    .map(({ model, provider }) => (provider === "" ? model : `${model} (${provider})`));
  if (names.length <= maxNamed) return list.format(names);
  return list.format([...names.slice(0, maxNamed), `${names.length - maxNamed} more`]);
}

function unpriced({ totals, byModel }: OwnUsage): Caveat[] {
  if (totals.unpricedRequests === 0) return [];
  const names = unpricedNames(byModel);
  const why =
    names === ""
      ? "Their model has no price, or its provider told no usage."
      : `Nobody has told Weir the price of ${names}.`;
  return [
    {
      id: "unpriced",
      tone: "warning",
      title: `Cost unknown for ${formatNoun(totals.unpricedRequests, "request")}`,
      detail: `${why} That is unknown, not zero: the real spend is higher than shown. Whoever runs Weir can set prices in weir.yaml, and recompute what is on record.`,
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
  ...unpriced(usage),
  ...missingUsage(usage.totals),
  ...expired(usage, today, retentionDays),
];

import type { OwnUsage } from "@weir/gateway/contracts";
import { formatMs } from "../../format/duration.ts";
import { formatMoneyExact } from "../../format/money.ts";
import { formatCompact, formatCount, formatNoun, formatShare } from "../../format/numbers.ts";
import { costInWords, knownCost } from "./cost.ts";

export interface Stat {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  /** In full, for the title. */
  readonly exact: string;
  /** A second, smaller line; empty when there is nothing to add. */
  readonly note: string;
  readonly meaning: string;
}

const noData = "no data";

function durationStat(
  id: string,
  label: string,
  meaning: string,
  [p50Ms, p95Ms]: readonly [number | null, number | null],
): Stat {
  return {
    id,
    label,
    value: p50Ms === null ? "–" : formatMs(p50Ms),
    exact: p50Ms === null ? noData : `median ${formatCount(p50Ms)} ms`,
    note: p95Ms === null ? noData : `p95 ${formatMs(p95Ms)}`,
    meaning,
  };
}

function countStat(id: string, label: string, meaning: string, count: number, of: number): Stat {
  const share = formatShare(count, of);
  return {
    id,
    label,
    value: formatCompact(count),
    exact: formatNoun(count, "request"),
    note: share === null ? "" : `${share} of all`,
    meaning,
  };
}

/** The figures above the charts, in reading order. */
export function prepareStats({ totals, latency }: OwnUsage): readonly Stat[] {
  const known = knownCost(totals);
  return [
    {
      id: "spend",
      label: "Spend",
      value: costInWords(totals),
      exact: known === null ? "cost unknown" : `${formatMoneyExact(known)} USD`,
      note:
        totals.unpricedRequests > 0
          ? `${formatNoun(totals.unpricedRequests, "request")} without a price`
          : "USD, estimated",
      meaning:
        "Tokens times the list price at the time of the call. The provider's invoice may differ by discounts and rounding.",
    },
    {
      id: "requests",
      label: "Requests",
      value: formatCompact(totals.requests),
      exact: formatNoun(totals.requests, "request"),
      note: "all calls",
      meaning: "Every call made with your keys, whatever became of it.",
    },
    countStat(
      "denied",
      "Denied",
      "Calls that policy refused. They never reached a provider.",
      totals.denied,
      totals.requests,
    ),
    countStat(
      "errors",
      "Errors",
      "Calls that failed for another reason: the provider, the network, or a request that was not valid.",
      totals.errors,
      totals.requests,
    ),
    durationStat(
      "latency",
      "Latency, median",
      "From the arrival of your request to the last byte of the answer.",
      [latency.p50Ms, latency.p95Ms],
    ),
    durationStat(
      "first-byte",
      "First byte, median",
      "From the arrival of your request to the first byte from the provider.",
      [latency.timeToFirstByteP50Ms, latency.timeToFirstByteP95Ms],
    ),
  ];
}

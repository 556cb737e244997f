import type { ClickHouseClient } from "@clickhouse/client";
import type {
  UnpricedModel,
  UnpricedModels,
  UnpricedModelsQuery,
} from "../contracts/api/prices.ts";
import { ask } from "./ask.ts";
import { daysOf } from "./day-range.ts";

export interface UnpricedModelsQuestion {
  readonly query: UnpricedModelsQuery;
  /** Whether the price table or weir.yaml has the model by now. */
  readonly hasPrice: (provider: string, model: string) => boolean;
  readonly nowMs: number;
}

type Row = Omit<UnpricedModel, "hasPriceNow"> & { readonly callsWithUsage: number };

const maxModels = 500;

// Of the days' sums: a look at every call would take longer with each call there is.
const unpricedQuery = `
  SELECT provider, model, sum(dayCalls) AS calls, calls - sum(dayMissing) AS callsWithUsage,
    sum(dayTokens) AS tokens,
    toUnixTimestamp(toDateTime(min(day), 'UTC')) * 1000 AS firstSeenMs,
    toUnixTimestamp(toDateTime(max(day), 'UTC')) * 1000 AS lastSeenMs
  FROM (
    SELECT day, provider, model, sum(unpriced_calls) AS dayCalls,
      sum(unpriced_missing_usage_calls) AS dayMissing, sum(unpriced_tokens) AS dayTokens
    FROM calls_day
    WHERE day BETWEEN {from:Date} AND {to:Date}
    GROUP BY day, provider, model
    HAVING dayCalls > 0
  )
  GROUP BY provider, model
  ORDER BY tokens DESC, calls DESC, provider, model
  LIMIT ${maxModels}`;

/**
 * The models whose calls have no cost on record, over everybody. A model that has a price, of
 * which the provider told no usage, is none of them: no price would give those calls a cost.
 *
 * @throws {ControlError} WEIR_INVALID_RANGE, WEIR_LEDGER_UNAVAILABLE.
 */
export async function readUnpricedModels(
  client: ClickHouseClient,
  { query, hasPrice, nowMs }: UnpricedModelsQuestion,
): Promise<UnpricedModels> {
  const rows = await ask<Row>(client, unpricedQuery, rangeOf(query));
  const models = rows.flatMap(({ callsWithUsage, ...row }): UnpricedModel[] => {
    const hasPriceNow = hasPrice(row.provider, row.model);
    return hasPriceNow && callsWithUsage === 0 ? [] : [{ ...row, hasPriceNow }];
  });
  return { models, asOfMs: nowMs };
}

function rangeOf({ from, to }: UnpricedModelsQuery): { from: string; to: string } {
  if (from !== undefined && to !== undefined) daysOf({ from, to });
  for (const day of [from, to]) if (day !== undefined) daysOf({ from: day, to: day });
  // The first and the last day that the tables can hold without their expiry overflowing.
  return { from: from ?? "2000-01-01", to: to ?? "2100-01-01" };
}

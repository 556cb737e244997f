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

const unpricedQuery = `
  SELECT provider, if(model_resolved != '', model_resolved, model_requested) AS model,
    count() AS calls, countIf(usage_source != 'missing') AS callsWithUsage,
    sum(ifNull(input_uncached, 0) + ifNull(cache_read, 0) + ifNull(cache_write_5m, 0)
      + ifNull(cache_write_1h, 0) + ifNull(output_visible, 0) + ifNull(output_reasoning, 0)
      + ifNull(tool_use_prompt, 0) + ifNull(audio_in, 0) + ifNull(audio_out, 0)) AS tokens,
    toUnixTimestamp64Milli(min(started_at)) AS firstSeenMs,
    toUnixTimestamp64Milli(max(started_at)) AS lastSeenMs
  FROM calls
  WHERE cost_status = 'unpriced'
    AND started_at >= toDateTime64({from:Date}, 3, 'UTC')
    AND started_at < toDateTime64({to:Date} + 1, 3, 'UTC')
    AND id NOT IN (SELECT supersedes FROM calls WHERE supersedes != '')
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

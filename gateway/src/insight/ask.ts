import type { ClickHouseClient } from "@clickhouse/client";
import { ControlError } from "../control/errors.ts";

export type QueryParameters = Readonly<Record<string, string | number>>;

const settings = {
  // Every figure we read is below 2^53; as numbers they need no second parser.
  output_format_json_quote_64bit_integers: 0,
  output_format_json_quote_decimals: 0,
  max_execution_time: 20,
  max_result_rows: "20000",
} as const;

function failure(error: unknown): ControlError {
  const message = error instanceof Error ? error.message : "";
  if (/time ?zone/i.test(message)) {
    const detail = "Use an IANA name such as Europe/Berlin.";
    return new ControlError("WEIR_INVALID_TIME_ZONE", detail, { cause: error });
  }
  return new ControlError(
    "WEIR_LEDGER_UNAVAILABLE",
    "The ledger did not answer. Calls go on and are recorded; try again in a moment.",
    { cause: error },
  );
}

/**
 * Asks ClickHouse one question with bound parameters. `Row` is what the query's SELECT names.
 *
 * @throws {ControlError} WEIR_LEDGER_UNAVAILABLE, WEIR_INVALID_TIME_ZONE.
 */
export async function ask<Row>(
  client: ClickHouseClient,
  query: string,
  parameters: QueryParameters,
): Promise<Row[]> {
  try {
    const result = await client.query({
      query,
      query_params: { ...parameters },
      format: "JSONEachRow",
      clickhouse_settings: settings,
    });
    return await result.json<Row>();
  } catch (error) {
    throw failure(error);
  }
}

import type { ClickHouseClient } from "@clickhouse/client";

/** What stands in the ledger of what was said in a call, less the sealed text itself. */
export interface ContentHead {
  readonly id: string;
  /** Unix milliseconds. */
  readonly atMs: number;
  readonly personId: string;
  readonly teamId: string;
  readonly dialect: string;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly truncated: boolean;
}

type HeadRow = Omit<ContentHead, "atMs" | "requestBytes" | "responseBytes"> & {
  readonly atMs: number | string;
  readonly requestBytes: number | string;
  readonly responseBytes: number | string;
};

/** Null when nothing is kept of that call. */
export async function readContentHead(
  client: ClickHouseClient,
  callId: string,
): Promise<ContentHead | null> {
  const result = await client.query({
    query: `SELECT id, toUnixTimestamp64Milli(captured_at) AS atMs, person_id AS personId,
        team_id AS teamId, dialect, request_bytes AS requestBytes, response_bytes AS responseBytes,
        truncated
      FROM content WHERE id = {callId:String} LIMIT 1`,
    query_params: { callId },
    format: "JSONEachRow",
  });
  const [row] = await result.json<HeadRow>();
  if (row === undefined) return null;
  const { atMs, requestBytes, responseBytes } = row;
  return {
    ...row,
    atMs: Number(atMs),
    requestBytes: Number(requestBytes),
    responseBytes: Number(responseBytes),
  };
}

/** Base64 of the age file; null when it has gone meanwhile. */
export async function readSealed(client: ClickHouseClient, callId: string): Promise<string | null> {
  const result = await client.query({
    query: "SELECT sealed FROM content WHERE id = {callId:String} LIMIT 1",
    query_params: { callId },
    format: "JSONEachRow",
  });
  const [row] = await result.json<{ sealed: string }>();
  return row?.sealed ?? null;
}

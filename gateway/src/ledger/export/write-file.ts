import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { ClickHouseClient } from "@clickhouse/client";
import { isEmbedded } from "../clickhouse/open.ts";

export interface FilePiece {
  readonly path: string;
  /** Of ClickHouse. */
  readonly format: string;
  readonly query: string;
  readonly parameters: Readonly<Record<string, string | number>>;
}

/**
 * Appends the result of a query to a file, never holding all of it: an engine in this process writes
 * it itself, a server's is streamed.
 */
export async function writePiece(
  client: ClickHouseClient,
  { path, format, query, parameters }: FilePiece,
): Promise<void> {
  if (isEmbedded(client)) {
    await client.command({
      query: `INSERT INTO FUNCTION file('${escaped(path)}', '${format}') ${query}
        SETTINGS prefer_column_name_to_alias = 1`,
      query_params: { ...parameters },
    });
    return;
  }
  const { stream } = await client.exec({
    query: `${query} SETTINGS prefer_column_name_to_alias = 1 FORMAT ${format}`,
    query_params: { ...parameters },
  });
  await pipeline(stream, createWriteStream(path, { flags: "a", mode: 0o600 }));
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
}

import type { IncomingMessage } from "node:http";
import { randomUUID } from "node:crypto";
import { readBody } from "./body.ts";
import type { Statement } from "./engine.ts";
import { ServerException } from "./exception.ts";
import { expectsData } from "./sql-text.ts";

export interface ReadRequest {
  readonly statement: Statement;
  readonly queryId: string;
  readonly bodyBytes: number;
  /** The answer starts only when the whole result is there. */
  readonly waitEndOfQuery: boolean;
  /** So much is held back, so that an early exception still has a status of its own. */
  readonly bufferBytes: number;
  readonly compressAnswer: boolean;
}

/** Parameters of the URL that are no settings (docs: HTTP interface). */
const NO_SETTINGS = new Set([
  "query",
  "database",
  "default_format",
  "query_id",
  "user",
  "password",
  "quota_key",
  "wait_end_of_query",
  "buffer_size",
  "stacktrace",
  "session_check",
  "session_timeout",
]);
const NOT_HERE = new Set(["session_id", "role", "compress", "decompress"]);
/** `http_response_buffer_size` of a server when nothing is set. */
const BUFFER_BYTES = 1_048_576;

/** @throws ServerException for what no server takes, and for what this one does not know. */
export async function readRequest(
  request: IncomingMessage,
  url: URL,
  maxBodyBytes: number,
): Promise<ReadRequest> {
  const query = url.searchParams;
  for (const name of NOT_HERE)
    if (query.has(name))
      throw new ServerException(48, "NOT_IMPLEMENTED", `the test server has no '${name}'`);
  if ((request.headers["content-type"] ?? "").startsWith("multipart/"))
    throw new ServerException(48, "NOT_IMPLEMENTED", "the test server takes no multipart bodies");
  const body = await readBody(request, maxBodyBytes);
  const settings = [...query].filter(
    ([name]) => !NO_SETTINGS.has(name) && !name.startsWith("param_"),
  );
  // A GET may change nothing (docs: HTTP interface).
  if (request.method === "GET") settings.push(["readonly", "2"]);
  const setting = (name: string) => settings.findLast(([key]) => key === name)?.[1];
  return {
    statement: {
      ...splitQuery(query.get("query") ?? "", body),
      database: query.get("database") ?? header(request, "x-clickhouse-database"),
      defaultFormat:
        query.get("default_format") ?? (header(request, "x-clickhouse-format") || "TabSeparated"),
      settings,
      parameters: new Map(
        [...query]
          .filter(([name]) => name.startsWith("param_"))
          .map(([name, value]) => [name.slice("param_".length), value]),
      ),
    },
    queryId: query.get("query_id") ?? randomUUID(),
    bodyBytes: body.length,
    waitEndOfQuery: isTrue(query.get("wait_end_of_query") ?? setting("http_wait_end_of_query")),
    bufferBytes: Number(
      query.get("buffer_size") ?? setting("http_response_buffer_size") ?? BUFFER_BYTES,
    ),
    compressAnswer: isTrue(setting("enable_http_compression")),
  };
}

/** A server joins the query of the URL and the body with a newline, and what follows is data. */
function splitQuery(inUrl: string, body: Buffer): Pick<Statement, "sql" | "data"> {
  if (inUrl === "") return { sql: body.toString("utf8"), data: undefined };
  if (expectsData(inUrl)) {
    if (body.length === 0) throw new ServerException(108, "NO_DATA_TO_INSERT", "No data to insert");
    return { sql: inUrl, data: body };
  }
  return { sql: body.length === 0 ? inUrl : `${inUrl}\n${body.toString("utf8")}`, data: undefined };
}

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}

function isTrue(value: string | null | undefined): boolean {
  return value === "1" || value === "true";
}

import type { IncomingMessage, ServerResponse } from "node:http";
import type { ClickHouseServerOptions } from "../start-clickhouse-server.ts";
import { Answer } from "./answer.ts";
import { authenticate } from "./authenticate.ts";
import type { Engine } from "./engine.ts";
import { asServerException, ServerException } from "./exception.ts";
import type { FaultBox } from "./fault-box.ts";
import { type ReadRequest, readRequest } from "./read-request.ts";
import type { RequestLog } from "./request-log.ts";
import { runQuery } from "./run-query.ts";
import { outputFormat } from "./sql-text.ts";

export interface HandlerParts {
  readonly engine: Engine;
  readonly faults: FaultBox;
  readonly log: RequestLog;
  readonly options: ClickHouseServerOptions;
}

const MAX_BODY_BYTES = 268_435_456;
const MAX_CONCURRENT_QUERIES = 100;

/** Answers `/ping` and queries at `/`. */
export function createHandler(parts: HandlerParts) {
  const running = new Set<string>();
  return (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? "/", "http://server");
    if (url.pathname === "/ping" || (request.method === "GET" && url.search === "")) {
      response.end("Ok.\n");
      return;
    }
    // A client that has gone is no error of ours.
    response.on("error", () => undefined);
    handle(parts, running, request, url, response).catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      response.destroy();
    });
  };
}

async function handle(
  { engine, faults, log, options }: HandlerParts,
  running: Set<string>,
  request: IncomingMessage,
  url: URL,
  response: ServerResponse,
): Promise<void> {
  let read: ReadRequest | undefined;
  let answer = new Answer(response, { queryId: "", format: "TabSeparated", acceptEncoding: "" });
  try {
    if (url.pathname !== "/")
      throw new ServerException(60, "UNKNOWN_TABLE", `There is no handle ${url.pathname}`);
    authenticate(request, url, options.user);
    read = await readRequest(request, url, options.maxBodyBytes ?? MAX_BODY_BYTES);
    const { queryId, statement } = read;
    answer = new Answer(response, {
      queryId,
      format: outputFormat(statement.sql, statement.defaultFormat),
      acceptEncoding: read.compressAnswer ? (request.headers["accept-encoding"] ?? "") : "",
    });
    admit(running, queryId, options.maxConcurrentQueries ?? MAX_CONCURRENT_QUERIES);
    try {
      await runQuery(engine, read, answer, response, faults.strike(statement.sql));
    } finally {
      running.delete(queryId);
    }
  } catch (error) {
    if (!response.destroyed) await answer.fail(asServerException(error));
  } finally {
    if (read !== undefined)
      log.add({
        queryId: read.queryId,
        sql: read.statement.sql,
        settings: Object.fromEntries(read.statement.settings),
        bodyBytes: read.bodyBytes,
        status: response.headersSent ? response.statusCode : 0,
      });
  }
}

function admit(running: Set<string>, queryId: string, most: number): void {
  if (running.has(queryId))
    throw new ServerException(
      216,
      "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING",
      `Query with id = ${queryId} is already running.`,
    );
  if (running.size >= most)
    throw new ServerException(
      202,
      "TOO_MANY_SIMULTANEOUS_QUERIES",
      `Too many simultaneous queries. Maximum: ${most}`,
    );
  running.add(queryId);
}

import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from "kysely";
import pg from "pg";
import { describeFailure, isBroken } from "./store-unavailable.ts";

/** Few: transactions of one store follow one after the other, and reads are short. */
const maxConnections = 8;
const connectTimeoutMs = 5_000;
const lockTimeoutMs = 5_000;
const statementTimeoutMs = 8_000;
/** Longer than the server's own, which leaves the connection in order. */
const answerTimeoutMs = 10_000;
/** A control that vanished within a transaction holds up the others for so long. */
const idleInTransactionTimeoutMs = 10_000;
const idleConnectionMs = 30_000;

/** A number that JavaScript holds exactly; times in milliseconds do until the year 287396. */
function parseInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is too large for a number`);
  return value;
}

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === pg.types.builtins.INT8 && format !== "binary"
      ? parseInteger
      : pg.types.getTypeParser(oid, format),
};

/** A client for Kysely that says what a failure means, and is thrown away once it is broken. */
function adaptClient(client: pg.PoolClient): PostgresPoolClient {
  let isUnusable = false;
  const send = async (sql: string, parameters: readonly unknown[]): Promise<unknown> => {
    try {
      return await client.query(sql, [...parameters]);
    } catch (error) {
      isUnusable ||= isBroken(error);
      throw describeFailure(error);
    }
  };
  function query<Row>(
    sql: string,
    parameters: readonly unknown[],
  ): Promise<PostgresQueryResult<Row>>;
  function query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>;
  function query(sql: unknown, parameters: readonly unknown[] = []): unknown {
    if (typeof sql !== "string") throw new TypeError("the control store opens no cursors");
    return send(sql, parameters);
  }
  return { query, release: (destroy = false) => client.release(destroy || isUnusable) };
}

/** A bounded pool of connections; every wait has an end. `url` may hold a password: it is not told. */
export function createPostgresPool(url: string): PostgresPool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: "weir-control",
    max: maxConnections,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: idleConnectionMs,
    lock_timeout: lockTimeoutMs,
    statement_timeout: statementTimeoutMs,
    query_timeout: answerTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
    keepAlive: true,
    types,
  });
  // Without listeners a connection that breaks would end the process. Whoever uses it next is told.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  const clients = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      let client: pg.PoolClient;
      try {
        client = await pool.connect();
      } catch (error) {
        throw describeFailure(error);
      }
      const adapted = clients.get(client) ?? adaptClient(client);
      clients.set(client, adapted);
      return adapted;
    },
  };
}

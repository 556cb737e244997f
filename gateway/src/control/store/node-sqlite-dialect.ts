import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type SqliteDatabase,
  SqliteAdapter,
  SqliteDialect,
  type SqliteStatement,
} from "kysely";

const openTimeoutMs = 5000;
const beginAttempts = 500;
const beginRetryMs = 10;

/** SQLITE_BUSY: another connection is writing. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === 5;
}

/**
 * The command line writes the same file. A deferred transaction that turns from reading to writing
 * fails at once when another one has written; an immediate one can wait. It waits here and not in
 * SQLite, which would hold up the event loop.
 */
async function beginImmediate(connection: DatabaseConnection): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await connection.executeQuery(CompiledQuery.raw("begin immediate"));
      return;
    } catch (error) {
      if (!isBusy(error) || attempt >= beginAttempts) throw error;
      await sleep(beginRetryMs);
    }
  }
}

function isInput(value: unknown): value is SQLInputValue {
  return value === null || ["string", "number", "bigint"].includes(typeof value);
}

function asInputs(parameters: readonly unknown[]): SQLInputValue[] {
  const inputs = parameters.filter(isInput);
  if (inputs.length !== parameters.length)
    throw new TypeError("SQLite binds text and numbers only");
  return inputs;
}

/** One transaction for all migrations: a process killed on the way leaves the old schema whole. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

function adaptStatement(database: DatabaseSync, sql: string): SqliteStatement {
  const statement = database.prepare(sql);
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...asInputs(parameters)),
    run: (parameters) => statement.run(...asInputs(parameters)),
    iterate: (parameters) => statement.iterate(...asInputs(parameters)),
  };
}

function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path, {
    timeout: openTimeoutMs,
    enableForeignKeyConstraints: true,
  });
  // FULL: a key or a revocation that was reported as done survives a power cut, WAL or not.
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
  return database;
}

/** SQLite of Node itself for Kysely, whose own dialect expects better-sqlite3's shape. */
export class NodeSqliteDialect extends SqliteDialect {
  constructor(path: string) {
    const adapt = (database: DatabaseSync): SqliteDatabase => ({
      close: () => database.close(),
      prepare: (sql) => adaptStatement(database, sql),
    });
    super({ database: async () => adapt(openDatabase(path)) });
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalSqliteAdapter();
  }

  override createDriver(): Driver {
    const driver = super.createDriver();
    driver.beginTransaction = beginImmediate;
    return driver;
  }
}

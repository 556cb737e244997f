import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  PostgresDialect,
  type TransactionSettings,
} from "kysely";
import { createPostgresPool } from "./postgres-pool.ts";

/** Of advisory locks in the database: "weir" in ASCII. */
const writeLock = 0x77_65_69_72;

/**
 * One writing transaction at a time, as in SQLite: what a transaction has read stays true until it
 * commits, in every control that shares the store. See docs/decisions.
 */
async function beginLocked(connection: DatabaseConnection): Promise<void> {
  try {
    const begin = `begin; select pg_advisory_xact_lock(${writeLock})`;
    await connection.executeQuery(CompiledQuery.raw(begin));
  } catch (error) {
    // Kysely knows nothing of a transaction whose beginning failed, and would leave it open.
    await connection.executeQuery(CompiledQuery.raw("rollback")).catch(() => undefined);
    throw error;
  }
}

/** PostgreSQL with the guarantees that the control plane counts on. */
export class PostgresStoreDialect extends PostgresDialect {
  constructor(url: string) {
    super({ pool: async () => createPostgresPool(url) });
  }

  override createDriver(): Driver {
    const driver = super.createDriver();
    const begin = driver.beginTransaction.bind(driver);
    driver.beginTransaction = (connection: DatabaseConnection, settings: TransactionSettings) =>
      settings.accessMode === "read only" ? begin(connection, settings) : beginLocked(connection);
    return driver;
  }
}

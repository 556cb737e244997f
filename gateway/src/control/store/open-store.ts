import { CamelCasePlugin, Kysely, sql, type Transaction } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { initial } from "./migrations/0001-initial.ts";
import { unmeteredOperationsAndDenialStyle } from "./migrations/0002-unmetered-operations-and-denial-style.ts";
import { adminLogOutbox } from "./migrations/0003-admin-log-outbox.ts";
import { budgetRaises } from "./migrations/0007-budget-raises.ts";
import { NodeSqliteDialect } from "./node-sqlite-dialect.ts";
import type { StoreSchema } from "./schema.ts";

/** Forward only and never edited once released: names sort in the order of their numbers. */
const migrations: Record<string, Migration> = {
  "0001-initial": initial,
  "0002-unmetered-operations-and-denial-style": unmeteredOperationsAndDenialStyle,
  "0003-admin-log-outbox": adminLogOutbox,
  "0007-budget-raises": budgetRaises,
};

export type Store = Kysely<StoreSchema>;
export type StoreTransaction = Transaction<StoreSchema>;

/** The control store could not be opened or brought up to date; `cause` holds the reason. */
export class StoreError extends Error {
  readonly code = "WEIR_STORE_UNUSABLE";
}

/**
 * Opens the control store and migrates it to this version's schema. Several processes may have
 * the same file open. Close it with `destroy()`.
 *
 * @throws {StoreError} when the file cannot be used, or comes from a newer Weir.
 */
export async function openStore(path: string): Promise<Store> {
  const store = new Kysely<StoreSchema>({
    dialect: new NodeSqliteDialect(path),
    plugins: [new CamelCasePlugin()],
  });
  const migrator = new Migrator({
    db: store,
    provider: { getMigrations: async () => migrations },
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    await store.destroy();
    throw new StoreError(
      `The control store ${path} cannot be used: it is damaged, not writable, or from a newer Weir. ` +
        "Start that Weir, or move the file away to begin with an empty one.",
      { cause: error },
    );
  }
  // From here on all writes are in transactions, and those wait without blocking the event loop.
  await sql`PRAGMA busy_timeout = 0`.execute(store);
  return store;
}

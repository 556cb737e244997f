import { CamelCasePlugin, type Dialect, Kysely, sql, type Transaction } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { databaseName } from "../../config/database-url.ts";
import { ControlError } from "../errors.ts";
import { initial } from "./migrations/0001-initial.ts";
import { unmeteredOperationsAndDenialStyle } from "./migrations/0002-unmetered-operations-and-denial-style.ts";
import { adminLogOutbox } from "./migrations/0003-admin-log-outbox.ts";
import { claimsOfControls } from "./migrations/0004-claims-of-controls.ts";
import { keyScopesAndRotation } from "./migrations/0005-key-scopes-and-rotation.ts";
import { consoleSignIn } from "./migrations/0006-console-sign-in.ts";
import { budgetRaises } from "./migrations/0007-budget-raises.ts";
import { personHistory } from "./migrations/0008-person-history.ts";
import { scimDirectory } from "./migrations/0009-scim-directory.ts";
import { grants } from "./migrations/0010-grants.ts";
import { signingKeys } from "./migrations/0011-signing-keys.ts";
import { stops } from "./migrations/0014-stops.ts";
import { NodeSqliteDialect } from "./node-sqlite-dialect.ts";
import { PostgresStoreDialect } from "./postgres/postgres-store-dialect.ts";
import type { StoreSchema } from "./schema.ts";
import { isPostgres, isPostgresUrl } from "./store-kind.ts";

/** Forward only and never edited once released: names sort in the order of their numbers. */
const migrations: Record<string, Migration> = {
  "0001-initial": initial,
  "0002-unmetered-operations-and-denial-style": unmeteredOperationsAndDenialStyle,
  "0003-admin-log-outbox": adminLogOutbox,
  "0004-claims-of-controls": claimsOfControls,
  "0005-key-scopes-and-rotation": keyScopesAndRotation,
  "0006-console-sign-in": consoleSignIn,
  "0007-budget-raises": budgetRaises,
  "0008-person-history": personHistory,
  "0009-scim-directory": scimDirectory,
  "0010-grants": grants,
  "0011-signing-keys": signingKeys,
  "0014-stops": stops,
};

export type Store = Kysely<StoreSchema>;
export type StoreTransaction = Transaction<StoreSchema>;

/** The control store could not be opened or brought up to date; `cause` holds the reason. */
export class StoreError extends Error {
  readonly code = "WEIR_STORE_UNUSABLE";
}

/**
 * Opens the control store and migrates it to this version's schema. Any number of processes may
 * have it open. Close it with `destroy()`.
 *
 * @param target path of an SQLite file, or a `postgres://` URL, which may hold a password.
 * @throws {StoreError} when it cannot be used, or comes from a newer Weir.
 */
export async function openStore(target: string): Promise<Store> {
  const store = new Kysely<StoreSchema>({
    dialect: dialectOf(target),
    plugins: [new CamelCasePlugin()],
  });
  const migrator = new Migrator({
    db: store,
    provider: { getMigrations: async () => migrations },
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    await store.destroy();
    throw new StoreError(reasonOf(error, target), { cause: error });
  }
  // From here on all writes are in transactions, and those wait without blocking the event loop.
  if (!isPostgres(store)) await sql`PRAGMA busy_timeout = 0`.execute(store);
  return store;
}

/** What speaks to a target: the path of an SQLite file, or a `postgres://` URL. */
export function dialectOf(target: string): Dialect {
  return isPostgresUrl(target) ? new PostgresStoreDialect(target) : new NodeSqliteDialect(target);
}

function reasonOf(error: unknown, target: string): string {
  const name = isPostgresUrl(target) ? `at ${databaseName(target)}` : target;
  const { message } = error instanceof Error ? error : { message: String(error) };
  // Kysely's words for a migration that was run and that this version does not have.
  if (message.startsWith("corrupted migrations"))
    return `The control store ${name} is from a newer Weir. Start that Weir, or name another store.`;
  if (!isPostgresUrl(target))
    return (
      `The control store ${name} cannot be used: it is damaged or not writable. ` +
      "Mend that, or move the file away to begin with an empty one."
    );
  const cause = error instanceof ControlError && error.cause instanceof Error ? error.cause : error;
  const detail = cause instanceof Error ? cause.message : message;
  return (
    `The control store ${name} cannot be used: ${detail || "it cannot be reached"}. ` +
    "Check that PostgreSQL runs, and the URL's host, database, user and password; " +
    "docs/control-store.md has what the user needs to be granted."
  );
}

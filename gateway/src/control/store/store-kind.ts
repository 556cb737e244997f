import { join } from "node:path";
import { type Kysely, PostgresAdapter } from "kysely";

/** Whether a target of the store is a URL of PostgreSQL; else it is the path of an SQLite file. */
export function isPostgresUrl(target: string): boolean {
  return /^postgres(ql)?:/i.test(target);
}

/** What `openStore` opens for a data directory; `databaseUrl` empty = its file. */
export function storeTarget(dataDir: string, databaseUrl: string): string {
  return databaseUrl === "" ? join(dataDir, "control.db") : databaseUrl;
}

/** Whether the store is in PostgreSQL, for the few things that differ. */
export function isPostgres(database: Pick<Kysely<unknown>, "getExecutor">): boolean {
  return database.getExecutor().adapter instanceof PostgresAdapter;
}

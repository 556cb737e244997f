import { randomBytes } from "node:crypto";
import { join } from "node:path";
import pg from "pg";

/** Where the store of a test is, as `openStore` takes it. */
export interface TestTarget {
  readonly target: string;
  /** Ends every connection to it. */
  readonly remove: () => Promise<void>;
}

/** Whether the tests keep their store in PostgreSQL instead of a file. */
export function testsUsePostgres(): boolean {
  return process.env["WEIR_TEST_STORE"] === "postgres";
}

/** A file in the directory, or with WEIR_TEST_STORE=postgres an empty database of its own. */
export async function createTestTarget(directory: string): Promise<TestTarget> {
  const server = process.env["WEIR_TEST_POSTGRES_URL"];
  if (!testsUsePostgres() || server === undefined)
    return { target: join(directory, "control.db"), remove: () => Promise.resolve() };
  return createTestDatabase(server);
}

/** An empty database of the server. */
export async function createTestDatabase(server: string): Promise<TestTarget> {
  const name = `weir_${randomBytes(8).toString("hex")}`;
  await command(server, `create database ${name} template template0`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    target: url.href,
    remove: () => command(server, `drop database if exists ${name} with (force)`),
  };
}

/** Runs one statement over a connection of its own. */
export async function command(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

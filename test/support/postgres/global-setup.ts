import { startPostgres } from "./start-postgres.ts";

/** One server for all test files of the project; each fixture makes a database of its own in it. */
export async function setup(): Promise<() => Promise<void>> {
  const server = await startPostgres();
  process.env["WEIR_TEST_POSTGRES_URL"] = server.url;
  return () => server.remove();
}

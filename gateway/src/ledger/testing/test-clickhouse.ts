import type { ClickHouseClient } from "@clickhouse/client";
import { closeClickHouse, openClickHouse } from "../clickhouse/open.ts";

/** An empty or kept ClickHouse of a test, and what ends it. */
export interface TestClickHouse {
  readonly client: ClickHouseClient;
  close(): Promise<void>;
}

/** Whether the tests run against a server over HTTP instead of the embedded engine. */
export function testsUseServer(): boolean {
  return process.env["WEIR_TEST_CLICKHOUSE"] === "server";
}

/** The engine in this process, or with WEIR_TEST_CLICKHOUSE=server in one of its own over HTTP. */
export async function openTestClickHouse(path: string): Promise<TestClickHouse> {
  if (!testsUseServer()) {
    const client = openClickHouse({ path });
    return { client, close: () => closeClickHouse(client) };
  }
  const { startClickHouseServer } =
    await import("../../../../test/support/clickhouse-server/start-clickhouse-server.ts");
  const server = await startClickHouseServer({ path });
  const client = openClickHouse({ url: server.url });
  return {
    client,
    close: async () => {
      await closeClickHouse(client);
      await server.stop();
    },
  };
}

/** The test ClickHouse: `main.ts <options as JSON>`; prints one line of JSON when it listens. */
import { mkdirSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import type { ClickHouseServerOptions } from "../start-clickhouse-server.ts";
import { startControl } from "./control.ts";
import { Engine } from "./engine.ts";
import { FaultBox } from "./fault-box.ts";
import { createHandler } from "./handler.ts";
import { RequestLog } from "./request-log.ts";

/** As `http_max_uri_size` of a server: INSERT statements stand in the URL. */
const MAX_HEAD_BYTES = 1_048_576;

async function main(text: string): Promise<void> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const options = JSON.parse(text) as ClickHouseServerOptions;
  mkdirSync(options.path, { recursive: true, mode: 0o700 });
  const engine = new Engine(options.path, options.configFile);
  const faults = new FaultBox(options.faults ?? []);
  const log = new RequestLog();
  const server = createServer({ maxHeaderSize: MAX_HEAD_BYTES, keepAliveTimeout: 10_000 });
  server.on("request", createHandler({ engine, faults, log, options }));
  const port = await listen(server, options.port ?? 0);
  faults.onRefuse = async (refuse) => {
    if (refuse && server.listening) {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    } else if (!refuse && !server.listening) await listen(server, port);
  };
  if (faults.refuses) await faults.onRefuse(true);
  const controlPort = await startControl(faults, log);
  process.stdout.write(`${JSON.stringify({ port, controlPort })}\n`);
  const end = (): void => {
    server.closeAllConnections();
    void engine.close().finally(() => process.exit(0));
  };
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
  // A test run that was killed must leave no server behind.
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) end();
  }, 1_000).unref();
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (server.address() as AddressInfo).port;
}

await main(process.argv[2] ?? "{}");

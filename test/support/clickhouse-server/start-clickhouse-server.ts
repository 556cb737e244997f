import { join } from "node:path";
import { startJsonLineProcess } from "../json-line-process.ts";
import type { Fault } from "./fault.ts";

export interface ClickHouseServerOptions {
  /** Directory of the data; created when missing. The server holds it alone. */
  readonly path: string;
  /** 0 or absent = a free one. Give the former one to come back at the same address. */
  readonly port?: number;
  /** The one user; without it anybody is `default`, without a password. */
  readonly user?: { readonly name: string; readonly password: string };
  /** Faults from the first request on. */
  readonly faults?: readonly Fault[];
  readonly maxConcurrentQueries?: number;
  readonly maxBodyBytes?: number;
  /** Engine configuration file in ClickHouse's own XML. */
  readonly configFile?: string;
}

export interface ClickHouseServer {
  /** Without credentials. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Takes the place of the faults that were set. An empty list mends all. */
  setFaults(faults: readonly Fault[]): Promise<void>;
  /** What came in since the start: SQL text only, never inserted data. */
  requests(): Promise<readonly ReceivedRequest[]>;
  /** Ends the engine in good order. */
  stop(): Promise<void>;
  /** kill -9. @returns when the process has gone. */
  kill(): Promise<void>;
}

export interface ReceivedRequest {
  readonly queryId: string;
  readonly sql: string;
  /** Names of the settings that came as URL parameters. */
  readonly settings: Readonly<Record<string, string>>;
  readonly bodyBytes: number;
  /** Status of the answer, 0 when there was none. */
  readonly status: number;
}

/** ClickHouse's HTTP interface in front of chDB, as a process of its own on loopback. */
export async function startClickHouseServer(
  options: ClickHouseServerOptions,
): Promise<ClickHouseServer> {
  const main = join(import.meta.dirname, "server", "main.ts");
  const child = await startJsonLineProcess({
    args: ["--disable-warning=ExperimentalWarning", main, JSON.stringify(options)],
    // chDB works on the threads of libuv: with the default of four, four queries block the fifth.
    env: { ...process.env, UV_THREADPOOL_SIZE: "16" },
    isReady: (line) => typeof line["port"] === "number",
  });
  const port = Number(child.ready["port"]);
  const control = `http://127.0.0.1:${String(child.ready["controlPort"])}`;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid,
    setFaults: async (faults) => {
      await callControl(`${control}/faults`, { method: "PUT", body: JSON.stringify(faults) });
    },
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    requests: async () => (await callControl(`${control}/requests`)) as ReceivedRequest[],
    stop: child.stop,
    kill: async () => {
      process.kill(child.pid, "SIGKILL");
      await child.stop();
    },
  };
}

async function callControl(url: string, init: RequestInit = {}): Promise<unknown> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`the test ClickHouse refused: ${await response.text()}`);
  return response.json();
}

import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { closeClickHouse, openClickHouse } from "../../gateway/src/ledger/clickhouse/open.ts";
import {
  type ClickHouseServer,
  startClickHouseServer,
} from "../support/clickhouse-server/start-clickhouse-server.ts";
import { type RunningWeir, startWeir } from "../support/start-weir.ts";
import { isServing, type SeenCall } from "./load.ts";
import { childrenOf, isAlive, killHard } from "./processes.ts";
import { takeTally, type Tally } from "./tally.ts";

export type Connection = "embedded" | "server";

const servingWithinMs = 60_000;
const shippedWithinMs = 60_000;
const pauseMs = 50;
const maxStarts = 5;

async function until(what: string, withinMs: number, check: () => Promise<boolean> | boolean) {
  for (const endAt = performance.now() + withinMs; performance.now() < endAt;) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  throw new Error(`${what}: not within ${withinMs} ms`);
}

/** A whole Weir whose parts can be killed, on a data directory that stays. */
export class ChaosSystem {
  readonly #connection: Connection;
  readonly #scratch: string;
  readonly dataDir: string;
  readonly #ledger: object;
  #weir: RunningWeir | undefined;
  server: ClickHouseServer | undefined;

  private constructor(connection: Connection, scratch: string, ledger: object) {
    this.#connection = connection;
    this.#scratch = scratch;
    this.#ledger = ledger;
    this.dataDir = join(scratch, "data");
  }

  /** @param ledger settings of the `ledger` section. */
  static async start(connection: Connection, ledger: object = {}): Promise<ChaosSystem> {
    const scratch = await mkdtemp(join(tmpdir(), "weir-chaos-"));
    const system = new ChaosSystem(connection, scratch, ledger);
    if (connection === "server") await system.#startServer(0);
    await system.startWeir();
    return system;
  }

  get weir(): RunningWeir {
    if (this.#weir === undefined) throw new Error("Weir is not running");
    return this.#weir;
  }

  async startWeir(): Promise<void> {
    const clickhouseUrl = this.server?.url;
    this.#weir = await startWeir({
      dataDir: this.dataDir,
      workers: 2,
      config: {
        teams: [{ id: "blue", models: ["sim-*"] }],
        people: [{ id: "ada", name: "Ada", team: "blue", roles: ["employee", "admin"] }],
        ledger: {
          shipIntervalMs: 100,
          ...(clickhouseUrl === undefined ? {} : { clickhouseUrl }),
          ...this.#ledger,
        },
      },
    });
  }

  async #startServer(port: number): Promise<void> {
    this.server = await startClickHouseServer({ path: join(this.#scratch, "server"), port });
  }

  /** What can be killed now. */
  victims(): string[] {
    const parts = childrenOf(this.weir.process.pid).map(({ part }) => part);
    const own = parts.filter((part) => part === "proxy" || part === "control");
    return [...own, "everything", ...(this.server === undefined ? [] : ["clickhouse"])];
  }

  /** Starts ClickHouse again after it has died. */
  async restartServer(): Promise<void> {
    if (this.server === undefined) return;
    const { pid, port } = this.server;
    await until("the end of ClickHouse", servingWithinMs, () => !isAlive(pid));
    await this.server.stop();
    await this.#startServer(port);
  }

  /** kill -9 of one of {@link victims}, and whatever is needed to get going again. */
  async kill(victim: string, point: number): Promise<void> {
    if (victim === "everything") return this.#killEverything();
    if (victim === "clickhouse" && this.server !== undefined) {
      const { port } = this.server;
      await this.server.kill();
      return this.#startServer(port);
    }
    const parts = childrenOf(this.weir.process.pid).filter(({ part }) => part === victim);
    const chosen = parts[Math.floor(point * parts.length)];
    if (chosen !== undefined) killHard(chosen.pid);
  }

  async #killEverything(): Promise<void> {
    const { pid } = this.weir.process;
    const pids = childrenOf(pid).map((child) => child.pid);
    if (pid !== undefined) pids.unshift(pid);
    for (const each of pids) killHard(each);
    await until("the end of all processes", servingWithinMs, () => !pids.some(isAlive));
    await this.weir.stop();
    await this.startWeir();
  }

  /** Waits until calls are served. */
  async recovered(): Promise<void> {
    await until("calls are served again", servingWithinMs, () => isServing(this.weir));
  }

  /** Lets everything be shipped, stops Weir, and compares. Weir stays down. */
  async settle(seen: readonly SeenCall[]): Promise<Tally> {
    for (let start = 0; start < maxStarts; start += 1) {
      if (start > 0) await this.startWeir();
      await this.#shipped();
      await this.weir.stop();
      // Stopping ships the rest, but not for ever: what is left the next start ships.
      if (!(await this.#hasUnshipped())) return this.tally(seen);
    }
    throw new Error(`the spool is not empty after ${maxStarts} starts`);
  }

  async #hasUnshipped(): Promise<boolean> {
    const files = await readdir(join(this.dataDir, "spool"), { recursive: true });
    return files.some((name) => name.startsWith("proxy") && name.endsWith(".seg"));
  }

  async #shipped(): Promise<void> {
    await until("everything is shipped", shippedWithinMs, async () => {
      const text = await fetch(`${this.weir.metrics}/metrics`)
        .then((response) => response.text())
        .catch(() => "");
      const gauge = (name: string) =>
        Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, "m").exec(text)?.[1]);
      return gauge("weir_ledger_up") === 1 && gauge("weir_ledger_pending_bytes") === 0;
    });
  }

  async tally(seen: readonly SeenCall[]): Promise<Tally> {
    if (this.#connection === "embedded") {
      const client = openClickHouse({ path: join(this.dataDir, "clickhouse") });
      try {
        return await takeTally(client, seen, this.dataDir);
      } finally {
        await closeClickHouse(client);
      }
    }
    // It would print each refusal of a ClickHouse that is being made to fail.
    const log = { level: ClickHouseLogLevel.OFF };
    const client = createClient({ url: this.server?.url ?? "", log });
    try {
      return await takeTally(client, seen, this.dataDir);
    } finally {
      await client.close();
    }
  }

  async stop(): Promise<void> {
    await this.#weir?.stop();
    await this.server?.stop();
    await rm(this.#scratch, { recursive: true, force: true });
  }
}

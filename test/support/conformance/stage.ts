import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSimulator, type Simulator } from "../../../gateway/src/simulator/server.ts";
import { readLedger, type LedgerRow } from "../read-ledger.ts";
import { startWeir, type PartialConfig, type RunningWeir } from "../start-weir.ts";
import type { Connection } from "./connection.ts";
import { observe, type Observed } from "./observe.ts";
import { providerKey } from "./provider-key.ts";

/** A simulator, and a whole Weir before it. */
export class Stage {
  readonly simulator: Simulator;
  readonly weir: RunningWeir;
  readonly direct: Connection;
  readonly through: Connection;
  readonly #dataDir: string;
  #isOver = false;

  private constructor(simulator: Simulator, weir: RunningWeir, dataDir: string) {
    this.simulator = simulator;
    this.weir = weir;
    this.direct = { origin: simulator.url, key: "sk-of-the-client" };
    this.through = { origin: weir.gateway, key: weir.key };
    this.#dataDir = dataDir;
  }

  /** `config` makes weir.yaml from the simulator's URL. */
  static async start(config: (simulatorUrl: string) => PartialConfig): Promise<Stage> {
    const dataDir = await mkdtemp(join(tmpdir(), "weir-clients-"));
    const simulator = await startSimulator();
    const env = { SIMULATOR_KEY: providerKey };
    const weir = await startWeir({ dataDir, env, config: config(simulator.url) });
    return new Stage(simulator, weir, dataDir);
  }

  /** Runs a client once directly and once through Weir, in this order. */
  async both<Result>(
    act: (connection: Connection) => Promise<Result>,
  ): Promise<{ direct: Observed<Result>; through: Observed<Result> }> {
    const direct = await observe(this.simulator, this.direct, act);
    return { direct, through: await observe(this.simulator, this.through, act) };
  }

  async observe<Result>(
    act: (connection: Connection) => Promise<Result>,
  ): Promise<Observed<Result>> {
    return observe(this.simulator, this.through, act);
  }

  /** Stops Weir, which ships everything, and reads its rows. */
  async rows(): Promise<readonly LedgerRow[]> {
    await this.weir.stop();
    this.#isOver = true;
    return (await readLedger(this.#dataDir)).calls;
  }

  async end(): Promise<void> {
    if (!this.#isOver) await this.weir.stop();
    await this.simulator.close();
    await rm(this.#dataDir, { recursive: true, force: true });
  }
}

/** A provider of each dialect, all of them the simulator. */
export function everyDialect(simulatorUrl: string): PartialConfig {
  const prices = { "*": { input: 1, output: 4, cacheRead: 0.1, cacheWrite: 1.25 } };
  const common = { prices, apiKeyEnv: "SIMULATOR_KEY" };
  return {
    providers: [
      { ...common, name: "sim-openai", dialect: "openai", baseUrl: `${simulatorUrl}/v1` },
      { ...common, name: "sim-anthropic", dialect: "anthropic", baseUrl: simulatorUrl },
      { ...common, name: "sim-gemini", dialect: "gemini", baseUrl: simulatorUrl },
    ],
  };
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { startSimulator, type Simulator } from "../../../gateway/src/simulator/server.ts";
import { readLedger, type LedgerRow } from "../read-ledger.ts";
import { spawnWeir, startWeir, type PartialConfig, type RunningWeir } from "../start-weir.ts";
import type { Connection } from "./connection.ts";
import { observe, type Observed } from "./observe.ts";
import { providerKey } from "./provider-key.ts";

/**
 * A whole Weir before a simulator, and another simulator for direct calls: each run finds what
 * its provider keeps (files, responses, attempts) as the other one does.
 */
export class Stage {
  readonly weir: RunningWeir;
  readonly direct: Connection;
  readonly through: Connection;
  readonly #provider: Simulator;
  readonly #behind: Simulator;
  readonly #dataDir: string;
  #isOver = false;

  private constructor(provider: Simulator, behind: Simulator, weir: RunningWeir, dataDir: string) {
    this.#provider = provider;
    this.#behind = behind;
    this.weir = weir;
    this.direct = { origin: provider.url, key: "sk-of-the-client" };
    this.through = { origin: weir.gateway, key: weir.key };
    this.#dataDir = dataDir;
  }

  /** `config` makes weir.yaml from the simulator's URL. */
  static async start(config: (simulatorUrl: string) => PartialConfig): Promise<Stage> {
    const dataDir = await mkdtemp(join(tmpdir(), "weir-clients-"));
    const [provider, behind] = await Promise.all([startSimulator(), startSimulator()]);
    const env = { SIMULATOR_KEY: providerKey };
    const weir = await startWeir({ dataDir, env, config: config(behind.url) });
    return new Stage(provider, behind, weir, dataDir);
  }

  /** Runs a client once directly and once through Weir, in this order. */
  async both<Result>(
    act: (connection: Connection) => Promise<Result>,
  ): Promise<{ direct: Observed<Result>; through: Observed<Result> }> {
    const direct = await observe(this.#provider, this.direct, act);
    return { direct, through: await this.observe(act) };
  }

  /** Runs a client through Weir, by default with the key of Weir's owner. */
  async observe<Result>(
    act: (connection: Connection) => Promise<Result>,
    key: string = this.through.key,
  ): Promise<Observed<Result>> {
    return observe(this.#behind, { ...this.through, key }, act);
  }

  /** A new key for a person of weir.yaml, which the gateway knows. */
  async keyOf(person: string): Promise<string> {
    const options = ["--person", person, "--name", "laptop", "--data-dir", this.#dataDir];
    const child = spawnWeir(["key", "create", ...options]);
    if (child.stdout === null) throw new Error("standard output is not a pipe");
    const key = (await text(child.stdout)).trim();
    const headers = { authorization: `Bearer ${key}` };
    for (let tries = 0; tries < 200; tries += 1) {
      const { status } = await fetch(`${this.weir.gateway}/v1/models`, { headers });
      if (status === 200) return key;
      await setTimeout(50);
    }
    throw new Error(`The gateway never learned of a key of ${person}`);
  }

  /** Stops Weir, which ships everything, and reads its rows. */
  async rows(): Promise<readonly LedgerRow[]> {
    await this.weir.stop();
    this.#isOver = true;
    return (await readLedger(this.#dataDir)).calls;
  }

  async end(): Promise<void> {
    if (!this.#isOver) await this.weir.stop();
    await Promise.all([this.#provider.close(), this.#behind.close()]);
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

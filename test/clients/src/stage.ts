import { mkdtemp, mkdir, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { loadConfig } from "../../../gateway/src/config/load-config.ts";
import { withControlStore } from "../../../gateway/src/command/open-control-store.ts";
import { createKey } from "../../../gateway/src/control/keys/create.ts";
import { startSimulator, type Simulator } from "../../../gateway/src/simulator/server.ts";
import { type LedgerRow, readLedger } from "../../support/read-ledger.ts";
import { type RunningWeir, startWeir } from "../../support/start-weir.ts";
import { models } from "./client.ts";

const KEYS_KNOWN_WITHIN_MS = 30_000;

/** A whole Weir between the clients and a simulator, and a folder for their homes. */
export interface Stage {
  readonly weir: RunningWeir;
  readonly simulator: Simulator;
  readonly homes: string;
  /** By name, once Weir knows them. */
  makeKeys(asked: ReadonlyMap<string, KeyAsked>): Promise<ReadonlyMap<string, string>>;
  /** Stops Weir, and reads all of its rows. */
  rows(): Promise<readonly LedgerRow[]>;
  remove(): Promise<void>;
}

export interface KeyAsked {
  /** Of the team that may use any model, or of the one that may use `models.plain` alone. */
  readonly may: "all" | "plain";
  readonly soft: boolean;
}

export async function setStage(): Promise<Stage> {
  // Not in the system's folder for temporary files: Codex refuses to work from there.
  const cache = join(homedir(), ".cache");
  await mkdir(cache, { recursive: true });
  const homes = await mkdtemp(join(cache, "weir-clients-"));
  const dataDir = join(homes, "weir");
  const simulator = await startSimulator();
  const weir = await startWeir({ dataDir, config: configuration(simulator.url) });
  return {
    weir,
    simulator,
    homes,
    makeKeys: async (asked) => makeKeys(dataDir, weir.gateway, asked),
    rows: async () => {
      await weir.stop();
      return (await readLedger(dataDir)).calls;
    },
    remove: async () => {
      await weir.stop();
      await simulator.close();
      await rm(homes, { recursive: true, force: true });
    },
  };
}

function configuration(url: string) {
  const prices = { "*": { input: 1, output: 4, cacheRead: 0.1, cacheWrite: 1.25 } };
  return {
    providers: [
      { name: "openai", dialect: "openai", baseUrl: `${url}/v1`, prices, webSocket: true },
      { name: "anthropic", dialect: "anthropic", baseUrl: url, prices },
      { name: "gemini", dialect: "gemini", baseUrl: url, prices },
    ],
    teams: [{ id: "open" }, { id: "closed", models: [models.plain] }],
    people: [
      { id: "all", team: "open" },
      { id: "plain", team: "closed" },
    ],
  };
}

async function makeKeys(
  dataDir: string,
  gateway: string,
  asked: ReadonlyMap<string, KeyAsked>,
): Promise<ReadonlyMap<string, string>> {
  const keys = new Map<string, string>();
  const config = loadConfig({ env: {}, flags: { dataDir }, cwd: dataDir, needsSecrets: false });
  await withControlStore({ config, env: {} }, async (context) => {
    for (const [name, { may, soft }] of asked) {
      const denialStyle = soft ? "soft" : "error";
      const { key } = await createKey(context, { name, personId: may, denialStyle });
      keys.set(name, key);
    }
  });
  const last = [...keys.values()].at(-1) ?? "";
  const deadline = performance.now() + KEYS_KNOWN_WITHIN_MS;
  while (!(await isKnown(gateway, last))) {
    if (performance.now() > deadline) throw new Error("Weir does not know the keys in time");
    await sleep(100);
  }
  return keys;
}

async function isKnown(gateway: string, key: string): Promise<boolean> {
  const response = await fetch(`${gateway}/v1/models`, {
    headers: { authorization: `Bearer ${key}` },
  });
  await response.arrayBuffer();
  return response.ok;
}

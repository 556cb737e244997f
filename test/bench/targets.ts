import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import { type JsonLineProcess, startJsonLineProcess } from "../support/json-line-process.ts";
import {
  descendants,
  listensOn,
  type ProcessStats,
  processStats,
} from "../support/process-stats.ts";
import type { Cleanup } from "./cleanup.ts";
import type { TargetName } from "./options.ts";

export interface Target {
  readonly name: TargetName;
  readonly port: number;
  readonly key: string;
  /** The process that a request goes through: of Weir the proxy worker, not control. */
  readonly worker: () => ProcessStats;
  /** Sums over every process that belongs to the target. */
  readonly total: () => Pick<ProcessStats, "rssBytes" | "cpuMicros">;
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Starts the upstream, and before it whatever is to be measured. */
export async function startTargets(
  names: readonly TargetName[],
  cleanup: Cleanup,
  upstreamArgs: readonly string[] = [here("simulator-process.ts")],
): Promise<readonly Target[]> {
  const simulator = await start(upstreamArgs, cleanup);
  const upstreamUrl = String(simulator.ready["url"]);
  const targets: Target[] = [];
  for (const name of names) {
    if (name === "direct") targets.push(single(name, simulator));
    else if (name === "bare") {
      targets.push(single(name, await start([here("bare-proxy.ts"), upstreamUrl], cleanup)));
    } else targets.push(await startWeir(upstreamUrl, cleanup));
  }
  return targets;
}

async function start(args: readonly string[], cleanup: Cleanup): Promise<JsonLineProcess> {
  return startJsonLineProcess({ args, onSpawn: (stop) => void cleanup.add(stop) });
}

function single(name: TargetName, { pid, ready }: JsonLineProcess): Target {
  return {
    name,
    port: Number(new URL(String(ready["url"])).port),
    key: "none",
    worker: () => statsOf(pid),
    total: () => statsOf(pid),
  };
}

async function startWeir(upstreamUrl: string, cleanup: Cleanup): Promise<Target> {
  const directory = await mkdtemp(join(tmpdir(), "weir-bench-"));
  cleanup.add(() => rm(directory, { recursive: true, force: true }));
  const config = join(directory, "weir.yaml");
  await writeFile(config, weirConfig(upstreamUrl));
  const ports = ["--gateway-port", "--console-port", "--metrics-port"].flatMap((flag) => [
    flag,
    "0",
  ]);
  const where = ["--data-dir", join(directory, "data"), "--config", config];
  const weir = await startJsonLineProcess({
    args: [here("../../scripts/weir.mjs"), "start", "--json", "--workers", "1", ...where, ...ports],
    env: { ...neutralEnvironment(), WEIR_BENCH_UPSTREAM_KEY: "upstream-key" },
    isReady: (line) => line["event"] === "ready",
    readyTimeoutMs: 120_000,
    graceMs: 30_000,
    onSpawn: (stop) => void cleanup.add(stop),
  });
  const all = (): readonly ProcessStats[] => [statsOf(weir.pid), ...descendants(weir.pid)];
  const port = Number(new URL(String(weir.ready["gateway"])).port);
  const worker = all().findLast(({ pid }) => listensOn(pid, port));
  if (worker === undefined) throw new Error("none of Weir's processes listens on its gateway port");
  return {
    name: "weir",
    port,
    key: String(weir.ready["key"]),
    worker: () => statsOf(worker.pid),
    total: () => ({
      rssBytes: all().reduce((sum, { rssBytes }) => sum + rssBytes, 0),
      cpuMicros: all().reduce((sum, { cpuMicros }) => sum + cpuMicros, 0),
    }),
  };
}

/** Without what would configure Weir otherwise than the report says. */
function neutralEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^WEIR_|_API_KEY(_FILE)?$/.test(name)),
  );
}

function weirConfig(upstreamUrl: string): string {
  return stringify({
    simulator: "off",
    providers: [
      {
        name: "upstream",
        dialect: "openai",
        baseUrl: `${upstreamUrl}/v1`,
        apiKeyEnv: "WEIR_BENCH_UPSTREAM_KEY",
      },
      { name: "upstream-anthropic", dialect: "anthropic", baseUrl: upstreamUrl },
    ],
  });
}

function statsOf(pid: number): ProcessStats {
  const stats = processStats(pid);
  if (stats === null) throw new Error("a process under test has ended");
  return stats;
}

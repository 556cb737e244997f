import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Cleanup } from "./cleanup.ts";
import { runChild } from "./run-child.ts";
import type { Target } from "./targets.ts";

export interface WrkJob {
  readonly path: string;
  readonly body: string;
  readonly seconds: number;
  readonly connections: number;
}

export interface WrkResult {
  readonly completed: number;
  readonly seconds: number;
  /** Of the closed loop: how long a reply took with this many connections. */
  readonly p50Ms: number;
  /** Number of failures by kind: a status that is not 2xx or 3xx, a connection that broke, … */
  readonly failed: Readonly<Record<string, number>>;
}

const marginMs = 30_000;
const script = fileURLToPath(new URL("wrk.lua", import.meta.url));

/** wrk's version line, or null where wrk is not installed. */
export function wrkVersion(): string | null {
  const { error, stdout } = spawnSync("wrk", ["-v"], { encoding: "utf8" });
  return error === undefined ? (/^wrk (\S+)/.exec(stdout)?.[1] ?? "unknown") : null;
}

/** @throws {Error} when any reply is not a 200. */
export async function runWrk(target: Target, job: WrkJob, cleanup: Cleanup): Promise<WrkResult> {
  const directory = await mkdtemp(join(tmpdir(), "weir-wrk-"));
  const bodyFile = join(directory, "body");
  const remove = cleanup.add(() => rm(directory, { recursive: true, force: true }));
  await writeFile(bodyFile, job.body);
  const connections = `-c${job.connections}`;
  const args = ["-t1", connections, `-d${job.seconds}s`, "--timeout", "20s", "-s", script];
  const output = await runChild("wrk", [...args, `http://127.0.0.1:${target.port}`], {
    cleanup,
    timeoutMs: job.seconds * 1000 + marginMs,
    env: {
      ...process.env,
      BENCH_BODY_FILE: bodyFile,
      BENCH_PATH: job.path,
      BENCH_KEY: target.key,
    },
  });
  await remove();
  const result: WrkResult = JSON.parse(output.trimEnd().split("\n").at(-1) ?? "");
  if (Object.values(result.failed).some((count) => count > 0)) {
    throw new Error(`${target.name}: requests failed: ${JSON.stringify(result.failed)}`);
  }
  return result;
}

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { stringify } from "yaml";

const root = join(import.meta.dirname, "..", "..");
const READY_WITHIN_MS = 120_000;
const STOPPED_WITHIN_MS = 60_000;
const KEPT_OUTPUT_LINES = 2_000;

/** What a test says of the configuration: any part of weir.yaml, the rest has its defaults. */
export type PartialConfig = Readonly<Record<string, unknown>>;

export interface StartWeirOptions {
  /** `control` and `proxy` run apart and find each other by the environment. */
  readonly command?: "start" | "control" | "proxy";
  readonly config?: PartialConfig;
  /** Added to an environment that has no provider key and no WEIR_* variable. */
  readonly env?: Readonly<Record<string, string>>;
  readonly workers?: number;
  /** Kept when the test brings it; otherwise a temporary one, removed by stop(). */
  readonly dataDir?: string;
  readonly args?: readonly string[];
  /** `main` runs the supervisor directly; `launcher` goes through scripts/weir.mjs as `npm start` does. */
  readonly through?: "main" | "launcher";
}

export interface RunningWeir {
  /** Base URLs without a path. An OpenAI client's base URL is `${gateway}/v1`. */
  readonly gateway: string;
  readonly console: string;
  readonly metrics: string;
  readonly key: string;
  readonly login: string;
  readonly dataDir: string;
  /** The supervisor, or the launcher before it. */
  readonly process: ChildProcess;
  /** From the spawn to the ready line. */
  readonly readyAfterMs: number;
  /** The last lines of standard output and standard error. */
  output(): string;
  /** Sends SIGTERM, waits for the end, removes what it made. @returns the exit code. */
  stop(): Promise<number | null>;
}

/** Starts a whole Weir on free ports and waits until it is ready. */
export async function startWeir(options: StartWeirOptions = {}): Promise<RunningWeir> {
  const scratch = await mkdtemp(join(tmpdir(), "weir-test-"));
  const dataDir = options.dataDir ?? join(scratch, "data");
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const file = join(scratch, "weir.yaml");
  await writeFile(file, stringify(options.config ?? {}));
  const ports = ["--gateway-port", "0", "--console-port", "0", "--metrics-port", "0"];
  const workers = ["--workers", String(options.workers ?? 1)];
  const args = ["--data-dir", dataDir, "--config", file, ...ports, ...workers];
  const begun = performance.now();
  const child = spawnWeir(
    [options.command ?? "start", "--json", ...args, ...(options.args ?? [])],
    options,
  );
  const exited = once(child, "exit");
  const output = keepOutput(child);
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), STOPPED_WITHIN_MS);
      await exited;
      clearTimeout(late);
    }
    await rm(scratch, { recursive: true, force: true });
    return child.exitCode;
  };
  try {
    const ready = await readyLine(child, exited, output);
    const readyAfterMs = performance.now() - begun;
    return { ...ready, dataDir, process: child, readyAfterMs, output, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Spawns the command line with pipes for its output, in an environment free of the machine's own. */
export function spawnWeir(
  args: readonly string[],
  options: Pick<StartWeirOptions, "env" | "through"> = {},
): ChildProcess {
  const isLaunched = options.through === "launcher";
  const script = isLaunched ? ["scripts", "weir.mjs"] : ["gateway", "src", "main.ts"];
  const flags = isLaunched ? [] : ["--disable-warning=ExperimentalWarning"];
  return spawn(process.execPath, [...flags, join(root, ...script), ...args], {
    cwd: tmpdir(),
    env: { ...cleanEnvironment(), ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function cleanEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(WEIR_|VITEST|NODE_ENV$|NODE_OPTIONS$)|_API_KEY(_FILE)?$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

function keepOutput(child: ChildProcess): () => string {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      if (lines.length > KEPT_OUTPUT_LINES) lines.shift();
    });
  }
  return () => lines.join("\n");
}

type ReadyLine = Pick<RunningWeir, "gateway" | "console" | "metrics" | "key" | "login">;

async function readyLine(
  child: ChildProcess,
  exited: Promise<unknown>,
  output: () => string,
): Promise<ReadyLine> {
  const { stdout } = child;
  if (stdout === null) throw new Error("standard output is not a pipe");
  const { promise, resolve, reject } = Promise.withResolvers<ReadyLine>();
  createInterface({ input: stdout }).on("line", (line) => {
    const ready = parseReady(line);
    if (ready !== null) resolve(ready);
  });
  const fail = (what: string) => reject(new Error(`Weir ${what}:\n${output()}`));
  const late = setTimeout(() => fail("was not ready in time"), READY_WITHIN_MS);
  // A turn later the pipes have delivered what was written last.
  const end = exited.then(() => setTimeout(() => fail(`ended with ${child.exitCode}`), 100));
  try {
    return await Promise.race([promise, end.then(() => promise)]);
  } finally {
    clearTimeout(late);
  }
}

function parseReady(line: string): ReadyLine | null {
  try {
    const parsed: unknown = JSON.parse(line);
    return isReady(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function isReady(value: unknown): value is ReadyLine {
  return typeof value === "object" && value !== null && "event" in value && value.event === "ready";
}

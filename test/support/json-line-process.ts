import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export interface JsonLineProcess {
  readonly pid: number;
  /** The first line of standard output that was a JSON object which `isReady` took. */
  readonly ready: Readonly<Record<string, unknown>>;
  /** SIGTERM, then SIGKILL after `graceMs`; resolves when the process has gone. */
  readonly stop: () => Promise<void>;
}

export interface JsonLineProcessOptions {
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly readyTimeoutMs?: number;
  readonly graceMs?: number;
  /** Called at once with what stops the process, so that it can be stopped before it is ready. */
  readonly onSpawn?: (stop: () => Promise<void>) => void;
  readonly isReady?: (line: Readonly<Record<string, unknown>>) => boolean;
}

const keptErrorLines = 20;

/**
 * Starts a Node program that announces itself with a line of JSON.
 * @throws {Error} with the end of its standard error, when it exits or stays silent too long.
 */
export async function startJsonLineProcess(
  options: JsonLineProcessOptions,
): Promise<JsonLineProcess> {
  const child = spawn(process.execPath, options.args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: options.env ?? process.env,
  });
  const stop = () => stopChild(child, options.graceMs ?? 10_000);
  options.onSpawn?.(stop);
  try {
    const ready = await firstLine(child, options);
    return { pid: child.pid ?? 0, ready, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function firstLine(
  child: ChildProcess,
  options: JsonLineProcessOptions,
): Promise<Readonly<Record<string, unknown>>> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("the child has no pipes");
  const errors: string[] = [];
  createInterface({ input: stderr }).on("line", (line) => {
    errors.push(line);
    if (errors.length > keptErrorLines) errors.shift();
  });
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new Error(`${options.args.join(" ")} ${why}\n${errors.join("\n")}`));
    };
    const timer = setTimeout(() => fail("did not get ready"), options.readyTimeoutMs ?? 60_000);
    child.once("error", (error) => fail(error.message));
    child.once("close", (code) => fail(`ended with ${code}`));
    // The reader stays, so that the child never blocks on a full pipe.
    createInterface({ input: stdout }).on("line", (line) => {
      const parsed = parseObject(line);
      if (parsed === null || !(options.isReady?.(parsed) ?? true)) return;
      clearTimeout(timer);
      resolve(parsed);
    });
  });
}

function parseObject(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

async function stopChild(child: ChildProcess, graceMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
  await exited;
  clearTimeout(timer);
}

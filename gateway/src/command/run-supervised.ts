import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { availableParallelism, userInfo } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import type { ConfigFlags } from "../config/overrides.ts";
import type { Config } from "../config/schema.ts";
import { readValkeyPassword } from "../config/secrets.ts";
import { wantsDebug, wantsJson } from "../config/switches.ts";
import { Child } from "../supervisor/child.ts";
import { systemClock } from "../supervisor/clock.ts";
import { StoppedError } from "../supervisor/fault.ts";
import type { Role } from "../supervisor/messages.ts";
import { humanOutput, jsonOutput, type Output } from "../supervisor/output.ts";
import { splitLines } from "../supervisor/split-lines.ts";
import { Supervisor } from "../supervisor/supervisor.ts";
import { workerCount } from "../supervisor/workers.ts";
import { loadFor } from "./config-options.ts";
import { sharedControlToken } from "./control-token.ts";
import { type Host, readVersion } from "./host.ts";
import { endOnSignals } from "./signals.ts";

export interface RunFlags extends ConfigFlags {
  readonly json?: boolean;
}

/** `start` runs all of Weir; `control` and `proxy` run their part of it. */
export type RunCommand = "start" | "control" | "proxy";

/** Runs until it is told to end. @throws StartFault, ConfigError when it cannot start. */
export async function runSupervised(
  command: RunCommand,
  flags: RunFlags,
  host: Host,
): Promise<void> {
  const config = loadFor(host, flags, command !== "control", command !== "proxy");
  const version = readVersion();
  const isVerbose = wantsDebug(host.env);
  const output = wantsJson(flags.json, host.env)
    ? jsonOutput(host.stdout, host.stderr)
    : humanOutput(host.stdout, host.stderr, { config, version, isVerbose });
  const log = pino(
    { base: { process: "supervisor", pid: process.pid }, level: isVerbose ? "debug" : "info" },
    { write: (line: string) => output.log(line.trimEnd()) },
  );
  const supervisor = new Supervisor({
    config,
    parts: partsOf(command, config),
    controlToken: controlTokenOf(command, config, host),
    valkeyPassword: readValkeyPassword(config, host.env),
    consoleDirectory: join(import.meta.dirname, "..", "..", "..", "console", "dist"),
    ownerName: userInfo().username,
    version,
    pid: process.pid,
    fork: (role, name) => forkChild(role, name, output),
    clock: systemClock,
    log,
  });
  const ended = endOnSignals(supervisor, (line) => {
    log.info({}, line);
    if (!wantsJson(flags.json, host.env)) host.stderr.write(`\nweir: ${line}\n`);
  });
  try {
    output.ready(await supervisor.start());
  } catch (error) {
    if (!(error instanceof StoppedError)) throw error;
  }
  host.exitCode = await ended;
}

function partsOf(command: RunCommand, config: Config) {
  const workers = workerCount(config.workers, availableParallelism());
  return { control: command !== "proxy", workers: command === "control" ? 0 : workers };
}

function controlTokenOf(command: RunCommand, config: Config, host: Host): string {
  // On one machine nobody else needs to know it; further proxies may, and then it is set.
  const isPrivate = command === "start" && !host.env[config.control.tokenEnv];
  return isPrivate ? randomBytes(32).toString("base64url") : sharedControlToken(config, host.env);
}

/**
 * The garbage of calls and of shipped rows dies young: room for more of it between two collections
 * takes a tenth off a call's processor time, for some memory.
 */
const busyFlags = ["--max-semi-space-size=64"];

function forkChild(role: Role, name: string, output: Output): Child {
  const child = fork(join(import.meta.dirname, "child", `${role}.ts`), [], {
    execArgv: [...process.execArgv, ...(role === "simulator" ? [] : busyFlags)],
    env: { ...process.env, WEIR_CHILD_NAME: name },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  if (child.stdout !== null) splitLines(child.stdout, (line) => output.log(line));
  return new Child(child);
}

import { formatLogLine } from "./format-log-line.ts";
import { describeReady } from "./describe-ready.ts";
import type { Ready } from "./supervisor.ts";
import type { Config } from "../config/schema.ts";

interface Sink {
  write(text: string): unknown;
}

export interface Output {
  /** A line of a log, ours or a child's: JSON as pino writes it, or anything else. */
  log(line: string): void;
  ready(ready: Ready): void;
}

/**
 * For programs: before everything is ready, logs go to standard error; then one line says so on
 * standard output, and logs follow there.
 */
export function jsonOutput(stdout: Sink, stderr: Sink): Output {
  let sink = stderr;
  return {
    log: (line) => sink.write(`${isJsonObject(line) ? line : wrap(line)}\n`),
    ready: ({ gateway, console, metrics, key, login }) => {
      const line = { event: "ready", gateway, console, metrics, key, login };
      stdout.write(`${JSON.stringify(line)}\n`);
      sink = stdout;
    },
  };
}

/** For people: what they need to begin, and then only what needs their attention. */
export function humanOutput(
  stdout: Sink,
  stderr: Sink,
  options: { readonly config: Config; readonly version: string; readonly isVerbose: boolean },
): Output {
  return {
    log: (line) => {
      const text = formatLogLine(line, options.isVerbose);
      if (text !== null) stderr.write(`${text}\n`);
    },
    ready: (ready) => stdout.write(describeReady(ready, options)),
  };
}

function isJsonObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function wrap(line: string): string {
  return JSON.stringify({ level: 30, time: Date.now(), msg: line });
}

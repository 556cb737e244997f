import { readdirSync, readFileSync } from "node:fs";

export interface RunningProcess {
  readonly pid: number;
  /** The module that it runs: `proxy`, `control`, `simulator`. */
  readonly part: string;
}

/** The processes that a supervisor has started. */
export function childrenOf(parent: number | undefined): RunningProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => Number(field(name, /^PPid:\s*(\d+)$/m)) === parent)
    .map((name) => ({
      pid: Number(name),
      part: /([a-z]+)\.ts/.exec(read(`/proc/${name}/cmdline`))?.[1] ?? "",
    }));
}

/** Also false for one that has ended and that nobody has reaped yet. */
export function isAlive(pid: number): boolean {
  return /^State:\s+[^ZX\s]/m.test(read(`/proc/${pid}/status`));
}

/** kill -9; a process that has ended meanwhile is as good. */
export function killHard(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

function field(pid: string, pattern: RegExp): string | undefined {
  return pattern.exec(read(`/proc/${pid}/status`))?.[1];
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

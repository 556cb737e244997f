import { readdirSync, readFileSync } from "node:fs";

/** Reads Linux's /proc; nothing here works elsewhere. */
export interface ProcessStats {
  readonly pid: number;
  readonly commandLine: string;
  readonly rssBytes: number;
  /** User and system time since the process began. */
  readonly cpuMicros: number;
}

/** Linux's USER_HZ, 100 on every architecture that Node runs on. */
const microsPerTick = 10_000;

/** A process's memory and processor time; null when there is no such process. */
export function processStats(pid: number): ProcessStats | null {
  try {
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    // The command's name, in brackets, may hold spaces: count fields from behind it (proc(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    const ticks = Number(fields[11]) + Number(fields[12]);
    const rssBytes = Number(kilobytes ?? 0) * 1024;
    return { pid, commandLine, rssBytes, cpuMicros: ticks * microsPerTick };
  } catch {
    return null;
  }
}

/** All processes that descend from this one, nearest first; it itself is not among them. */
export function descendants(pid: number): readonly ProcessStats[] {
  const children = childrenOf(pid);
  const own = children.flatMap((child) => processStats(child) ?? []);
  return [...own, ...children.flatMap((child) => descendants(child))];
}

function childrenOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8")
        .split(" ")
        .filter(Boolean)
        .map(Number),
    );
  } catch {
    return [];
  }
}

import { readdirSync, readFileSync, readlinkSync } from "node:fs";

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

/** Whether the process holds a socket that listens on this TCP port. */
export function listensOn(pid: number, port: number): boolean {
  const inodes = new Set(listeningSockets(port).map((inode) => `socket:[${inode}]`));
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) =>
      inodes.has(linkTarget(`/proc/${pid}/fd/${fd}`)),
    );
  } catch {
    return false;
  }
}

/** Inodes of the sockets in state LISTEN (0A), of either IP version. */
function listeningSockets(port: number): readonly string[] {
  const local = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) =>
    readFileSync(table, "utf8")
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[1]?.endsWith(local) === true && fields[3] === "0A")
      .map((fields) => fields[9] ?? ""),
  );
}

function linkTarget(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
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

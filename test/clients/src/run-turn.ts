import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Command } from "./client.ts";

const GIVEN_UP_AFTER_MS = 120_000;
const KEPT_OUTPUT_BYTES = 4_194_304;
const programs = join(import.meta.dirname, "..", "node_modules", ".bin");

export interface Finished {
  /** Null when it had to be killed. */
  readonly exitCode: number | null;
  /** Standard output and standard error, as a user sees them. */
  readonly output: string;
  readonly tookMs: number;
}

/** Runs a client for one turn in its own home, without a terminal, and ends whatever it leaves. */
export async function runTurn(command: Command, home: string): Promise<Finished> {
  const work = join(home, "work");
  const temporary = join(home, "tmp");
  await Promise.all([work, temporary].map((folder) => mkdir(folder, { recursive: true })));
  for (const [path, content] of Object.entries(command.files)) {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), content);
  }
  const begun = performance.now();
  const child = spawn(join(programs, command.program), command.args, {
    cwd: work,
    // Its own group, so that what it has started can be ended with it.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    // opencode reads the current folder from PWD.
    env: { ...inherited(), HOME: home, PWD: work, TMPDIR: temporary, ...command.env },
  });
  const parts: Buffer[] = [];
  let bytes = 0;
  const keep = (part: Buffer) => {
    bytes += part.length;
    if (bytes <= KEPT_OUTPUT_BYTES) parts.push(part);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const closed = once(child, "close");
  const late = setTimeout(() => endGroup(child.pid), GIVEN_UP_AFTER_MS);
  // What it leaves behind would keep its output open.
  child.once("exit", () => endGroup(child.pid));
  try {
    await closed;
    const tookMs = performance.now() - begun;
    return { exitCode: child.exitCode, output: Buffer.concat(parts).toString(), tookMs };
  } finally {
    clearTimeout(late);
    endGroup(child.pid);
  }
}

function inherited(): Record<string, string> {
  // The clients' own launchers need this very Node: OpenClaw refuses an older one.
  const path = `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}`;
  return { PATH: path, LANG: "C.UTF-8", TERM: "dumb" };
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing of the group is left.
  }
}

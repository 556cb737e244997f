import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { descendants, listensOn, processStats } from "./process-stats.ts";

it("sees this process's memory and processor time", () => {
  const stats = processStats(process.pid);
  expect(stats?.rssBytes).toBeGreaterThan(1_000_000);
  expect(stats?.cpuMicros).toBeGreaterThan(0);
});

it("knows which process listens on a port", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  expect(listensOn(process.pid, port)).toBe(true);
  expect(listensOn(process.ppid, port)).toBe(false);
  server.close();
  await once(server, "close");
  expect(listensOn(process.pid, port)).toBe(false);
});

it("finds a child of a child, and nothing for a process that is gone", async () => {
  // `exec` is left out on purpose: the shell stays, and the sleep is its child.
  const shell = spawn("/bin/sh", ["-c", "sleep 30 & echo up; wait"]);
  try {
    await once(shell.stdout, "data");
    // The shell has said so before its child has become another program.
    const commands = () => descendants(process.pid).map((stats) => stats.commandLine);
    await expect.poll(commands).toContain("sleep 30");
  } finally {
    for (const { pid } of descendants(shell.pid ?? 0)) process.kill(pid);
    await once(shell, "exit");
  }
  expect(processStats(shell.pid ?? 0)).toBeNull();
});

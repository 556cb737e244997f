import { expect, it } from "vitest";
import { processStats } from "./process-stats.ts";
import { startJsonLineProcess } from "./json-line-process.ts";

const script = (code: string): { readonly args: readonly string[] } => ({ args: ["-e", code] });

it("gives the first line that is wanted, and stops the process", async () => {
  const started = await startJsonLineProcess({
    ...script(
      'console.log("{}\\nno json\\n{\\"event\\":\\"ready\\"}"); setInterval(() => {}, 1000)',
    ),
    isReady: (line) => line["event"] === "ready",
  });
  expect(started.ready).toEqual({ event: "ready" });
  expect(processStats(started.pid)).not.toBeNull();
  await started.stop();
  expect(processStats(started.pid)).toBeNull();
  await started.stop();
});

it("tells what a process that fails wrote to standard error", async () => {
  const starting = startJsonLineProcess(script('console.error("no such port"); process.exit(3)'));
  await expect(starting).rejects.toThrow(/ended with 3\nno such port/);
});

it("kills a process that neither gets ready nor obeys SIGTERM", async () => {
  let stop: (() => Promise<void>) | undefined;
  const starting = startJsonLineProcess({
    ...script('process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'),
    readyTimeoutMs: 300,
    graceMs: 100,
    onSpawn: (given) => {
      stop = given;
    },
  });
  await expect(starting).rejects.toThrow("did not get ready");
  await stop?.();
});

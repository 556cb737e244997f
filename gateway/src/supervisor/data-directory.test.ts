import { fork } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { holdDataDirectory } from "./data-directory.ts";
import { findRunning, writeRunning } from "./running.ts";

let scratch: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "weir-data-"));
});

afterEach(() => {
  rmSync(scratch, { recursive: true, force: true });
});

/** Another process that holds the directory, as a second Weir would. */
async function holdElsewhere(directory: string) {
  const script = join(scratch, "hold.mts");
  const module = join(import.meta.dirname, "data-directory.ts");
  writeFileSync(
    script,
    `import { holdDataDirectory } from ${JSON.stringify(module)};
     await holdDataDirectory(process.argv[2] ?? "", process.pid);
     process.send?.("held");
     setInterval(() => undefined, 1000);`,
  );
  const child = fork(script, [directory], { execArgv: ["--disable-warning=ExperimentalWarning"] });
  await once(child, "message");
  return child;
}

test("the directory is made for its owner alone, and one that others can read is closed to them", async () => {
  const directory = join(scratch, "deep", "data");
  (await holdDataDirectory(directory, 1)).release();
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  chmodSync(directory, 0o755);
  (await holdDataDirectory(directory, 1)).release();
  expect(statSync(directory).mode & 0o777).toBe(0o700);
});

test("a second process is refused and told which one is first; kill -9 of the first frees it", async () => {
  const directory = join(scratch, "data");
  const holder = await holdElsewhere(directory);
  await expect(holdDataDirectory(directory, process.pid)).rejects.toMatchObject({
    code: "WEIR_DATA_DIR_IN_USE",
    exitCode: 5,
    message: `the data directory ${directory} is in use by another Weir, process ${holder.pid}`,
  });
  holder.kill("SIGKILL");
  await once(holder, "exit");
  (await holdDataDirectory(directory, process.pid)).release();
});

test("what a Weir that has gone wrote of itself is not believed", async () => {
  const directory = join(scratch, "data");
  const lock = await holdDataDirectory(directory, process.pid);
  const running = { pid: 4, gateway: "http://127.0.0.1:1", console: "", metrics: "" };
  writeRunning(directory, running);
  lock.release();
  expect(await findRunning(directory)).toBeNull();
  const holder = await holdElsewhere(directory);
  expect(await findRunning(directory)).toMatchObject({ pid: holder.pid });
  holder.kill("SIGKILL");
  await once(holder, "exit");
});

test("a path that cannot be a directory is refused with a remedy", async () => {
  const file = join(scratch, "file");
  writeFileSync(file, "");
  await expect(holdDataDirectory(join(file, "data"), 1)).rejects.toMatchObject({
    code: "WEIR_DATA_DIR_UNUSABLE",
    exitCode: 6,
  });
});

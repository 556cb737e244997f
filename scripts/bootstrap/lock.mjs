import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { BootstrapFault, say } from "./fault.mjs";
import { root } from "./paths.mjs";

const MAX_WAIT_MS = 600_000;
const LOOK_EVERY_MS = 200;

/** Runs `work` while no other bootstrap of this checkout does: two installs at once break each other. */
export async function alone(work) {
  const name = createHash("sha256").update(root).digest("hex").slice(0, 16);
  const path = join(tmpdir(), `weir-bootstrap-${process.getuid?.() ?? 0}-${name}.pid`);
  await take(path);
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

async function take(path) {
  for (let waitedMs = 0; !tryTake(path); waitedMs += LOOK_EVERY_MS) {
    if (isAbandoned(path)) {
      rmSync(path, { force: true });
      continue;
    }
    if (waitedMs === 0) say("waiting for another install or build of this checkout to finish");
    if (waitedMs > MAX_WAIT_MS) {
      throw new BootstrapFault(`another install seems to hang. End it, or delete ${path}.`);
    }
    await sleep(LOOK_EVERY_MS);
  }
}

function tryTake(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function isAbandoned(path) {
  try {
    const pid = Number(readFileSync(path, "utf8"));
    if (pid === 0) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

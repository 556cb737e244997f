import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stampDirectory } from "./paths.mjs";

/** Whether the step was finished from these very sources. */
export function hasStamp(step, digest) {
  try {
    return readFileSync(join(stampDirectory, step), "utf8") === digest;
  } catch {
    return false;
  }
}

/** To be called before the step begins, so that one that is broken off is done again. */
export function clearStamp(step) {
  rmSync(join(stampDirectory, step), { force: true });
}

export function writeStamp(step, digest) {
  mkdirSync(stampDirectory, { recursive: true });
  const path = join(stampDirectory, step);
  writeFileSync(`${path}.new`, digest);
  renameSync(`${path}.new`, path);
}

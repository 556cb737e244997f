import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { digestFiles, listFiles } from "./digest.mjs";
import { BootstrapFault, say } from "./fault.mjs";
import { alone } from "./lock.mjs";
import { root } from "./paths.mjs";
import { runProcess } from "./run-process.mjs";
import { clearStamp, hasStamp, writeStamp } from "./stamp.mjs";

const STEP = "console-built";
const NOT_SOURCES = /^(dist|node_modules|__screenshots__|\..*)$|\.test\.tsx?$/;

/**
 * Builds the console unless it has been built from these very sources.
 *
 * @throws BootstrapFault
 */
export async function ensureConsole(node) {
  if (isBuilt()) return;
  await alone(async () => {
    if (!isBuilt()) await build(node);
  });
}

function isBuilt() {
  return hasStamp(STEP, digest()) && existsSync(join(root, "console", "dist", "index.html"));
}

function digest() {
  const folders = ["console", join("gateway", "src", "contracts")];
  const files = folders.flatMap((folder) => listFiles(join(root, folder), NOT_SOURCES));
  return digestFiles(root, [...files, join(root, "pnpm-lock.yaml")]);
}

async function build(node) {
  say("building the console (once, and after a change of it)");
  clearStamp(STEP);
  const before = digest();
  const path = [join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter);
  const code = await runProcess(node, ["--run", "build"], {
    cwd: join(root, "console"),
    env: { ...process.env, PATH: path },
  });
  if (code !== 0) {
    throw new BootstrapFault(
      `the console could not be built (the build ended with ${code}; its message is above). ` +
        "In a changed checkout mend the console's sources; else delete node_modules and run again.",
    );
  }
  writeStamp(STEP, before);
}

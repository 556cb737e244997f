import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { digestFiles } from "./digest.mjs";
import { BootstrapFault, say } from "./fault.mjs";
import { alone } from "./lock.mjs";
import { root } from "./paths.mjs";
import { runProcess } from "./run-process.mjs";
import { clearStamp, hasStamp, writeStamp } from "./stamp.mjs";

const STEP = "installed";

/**
 * Installs the workspace's packages unless those of this very lockfile are there. An install that
 * was broken off has no stamp, and is done again.
 *
 * @throws BootstrapFault
 */
export async function ensureInstalled(node) {
  if (isInstalled(node)) return;
  await alone(async () => {
    if (!isInstalled(node)) await install(node);
  });
}

function isInstalled(node) {
  return hasStamp(STEP, digest()) && existsSync(node);
}

function digest() {
  const manifests = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
    .map((entry) => join(root, entry.name, "package.json"));
  const files = ["package.json", "pnpm-workspace.yaml", "pnpm-lock.yaml"];
  const all = [...manifests, ...files.map((file) => join(root, file))];
  return digestFiles(root, all.filter(existsSync));
}

async function install(node) {
  const pnpm = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).packageManager;
  say(`installing packages with ${pnpm} (once, and after an update)`);
  clearStamp(STEP);
  const before = digest();
  const args = [
    "--yes",
    pnpm,
    "install",
    "--frozen-lockfile",
    "--config.confirm-modules-purge=false",
    // pnpm itself runs on the Node of the user, the packages on the one that it installs.
    "--config.node-version=24.21.0",
  ];
  // npm would try for more than a minute before it says that there is no network.
  const patience = {
    npm_config_fetch_retry_mintimeout: "2000",
    npm_config_fetch_retry_maxtimeout: "8000",
  };
  const code = await runProcess("npx", args, { cwd: root, env: { ...patience, ...process.env } });
  if (code === 127) {
    throw new BootstrapFault("npx was not found. Install npm, which comes with Node.js.");
  }
  if (code > 128) {
    throw new BootstrapFault(
      "the install was broken off. Run the same command again to finish it.",
    );
  }
  if (code !== 0) {
    throw new BootstrapFault(
      `the packages could not be installed (npx ended with ${code}; its message is above). Check ` +
        "that this machine reaches the npm registry (`npm ping`), then run the same command again.",
    );
  }
  if (!existsSync(node)) {
    throw new BootstrapFault(
      `the install has not brought ${node}. Delete node_modules, check that optional packages are ` +
        "not switched off (`npm config get omit`), then run the same command again.",
    );
  }
  writeStamp(STEP, before);
}

import { join } from "node:path";
import { BootstrapFault } from "./fault.mjs";
import { root } from "./paths.mjs";

const WANTED_MAJOR = 24;

/**
 * The Node that runs Weir: the one that the workspace installs, where it installs one; elsewhere
 * the one that runs this, if it is new enough.
 *
 * @throws BootstrapFault where neither can be.
 */
export function chooseNode() {
  const { platform, arch, versions, execPath } = process;
  const hasPackage = platform === "linux" && (arch === "x64" || arch === "arm64");
  if (hasPackage && !isMusl()) {
    return join(root, "node_modules", `node-linux-${arch}`, "bin", "node");
  }
  if (Number(versions.node.split(".")[0]) >= WANTED_MAJOR) return execPath;
  const where = hasPackage ? `linux ${arch} with musl` : `${platform} ${arch}`;
  throw new BootstrapFault(
    `Weir brings its own Node.js for Linux (x64 and arm64, glibc) only, and this is ${where} with ` +
      `Node.js ${versions.node}. Install Node.js ${WANTED_MAJOR} or newer and run the command again.`,
  );
}

function isMusl() {
  process.report.excludeNetwork = true;
  return process.report.getReport().header.glibcVersionRuntime === undefined;
}

import { existsSync } from "node:fs";
import { BootstrapFault, say } from "../bootstrap/fault.mjs";
import { runProcess } from "../bootstrap/run-process.mjs";

/**
 * Installs Debian's Chromium, in which the console is tested, when it is missing and we may.
 *
 * @throws BootstrapFault
 */
export async function ensureChromium() {
  const path = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
  if (existsSync(path)) return;
  const isRoot = process.getuid?.() === 0;
  if (process.env.CHROMIUM_PATH !== undefined || !isRoot || !existsSync("/usr/bin/apt-get")) {
    throw new BootstrapFault(
      `the console's tests need Chromium, and there is none at ${path}. Install it (Debian and ` +
        "Ubuntu: apt-get install chromium), or name another with CHROMIUM_PATH.",
    );
  }
  say("installing Chromium for the console's tests");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await runProcess("apt-get", ["update", "-q"], { env });
  const install = ["install", "-y", "-q", "--no-install-recommends", "chromium"];
  if ((await runProcess("apt-get", install, { env })) !== 0 || !existsSync(path)) {
    throw new BootstrapFault(
      "Chromium could not be installed (apt-get's message is above). Check that this machine " +
        "reaches its Debian mirror, then run the tests again.",
    );
  }
}

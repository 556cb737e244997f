import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { BootstrapFault, say } from "../bootstrap/fault.mjs";
import { runProcess } from "../bootstrap/run-process.mjs";

const root = "/usr/lib/postgresql";

/**
 * Installs Debian's PostgreSQL, over which the control plane is tested once more, when it is missing
 * and we may. Tests start servers of their own; the one that the package starts is not needed.
 *
 * @throws BootstrapFault
 */
export async function ensurePostgres() {
  if (hasPostgres()) return;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    throw new BootstrapFault(
      `the tests of the control store need PostgreSQL, and there is none in ${root}. Install it ` +
        "(Debian and Ubuntu: apt-get install --no-install-recommends postgresql).",
    );
  }
  say("installing PostgreSQL for the tests of the control store");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await runProcess("apt-get", ["update", "-q"], { env });
  const install = ["install", "-y", "-q", "--no-install-recommends", "postgresql"];
  if ((await runProcess("apt-get", install, { env })) !== 0 || !hasPostgres()) {
    throw new BootstrapFault(
      "PostgreSQL could not be installed (apt-get's message is above). Check that this machine " +
        "reaches its Debian mirror, then run the tests again.",
    );
  }
}

function hasPostgres() {
  if (!existsSync(root)) return false;
  return readdirSync(root).some((version) => existsSync(join(root, version, "bin", "initdb")));
}

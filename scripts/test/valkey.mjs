import { existsSync } from "node:fs";
import { BootstrapFault, say } from "../bootstrap/fault.mjs";
import { runProcess } from "../bootstrap/run-process.mjs";

const places = ["/usr/bin/valkey-server", "/usr/bin/redis-server"];

/**
 * Installs Debian's Valkey, or its Redis where there is no Valkey yet, on which shared budgets are
 * tested, when both are missing and we may. Tests start it themselves.
 *
 * @throws BootstrapFault
 */
export async function ensureValkey() {
  const named = process.env.VALKEY_PATH;
  if (named === undefined ? places.some((path) => existsSync(path)) : existsSync(named)) return;
  const isRoot = process.getuid?.() === 0;
  if (named !== undefined || !isRoot || !existsSync("/usr/bin/apt-get")) {
    throw new BootstrapFault(
      `the tests of shared budgets need Valkey or Redis, and there is none at ${named ?? places.join(" or ")}. ` +
        "Install one (Debian and Ubuntu: apt-get install redis-server), or name another with VALKEY_PATH.",
    );
  }
  say("installing Valkey for the tests of shared budgets");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  await runProcess("apt-get", ["update", "-q"], { env });
  for (const name of ["valkey-server", "redis-server"]) {
    const install = ["install", "-y", "-q", "--no-install-recommends", name];
    if ((await runProcess("apt-get", install, { env })) === 0) break;
  }
  if (places.some((path) => existsSync(path))) return;
  throw new BootstrapFault(
    "Neither Valkey nor Redis could be installed (apt-get's message is above). Check that this " +
      "machine reaches its Debian mirror, then run the tests again.",
  );
}

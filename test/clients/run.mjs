// Drives real coding clients through a whole Weir; see README.md. Looks for what is missing, then
// runs everything in a network namespace that has loopback alone, where the system permits it.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const here = import.meta.dirname;
const program = [
  process.execPath,
  "--disable-warning=ExperimentalWarning",
  join(here, "src/main.ts"),
];

function runAll() {
  if (Number(process.versions.node.split(".")[0]) < 24) {
    return refuse(
      "Node 24 is needed. From the repository's root: pnpm exec node test/clients/run.mjs",
    );
  }
  if (!existsSync(join(here, "node_modules/.bin/claude"))) {
    return refuse("The clients are not installed. Run: pnpm exec npm ci --prefix test/clients");
  }
  const isolated = spawnSync("unshare", ["-n", "ip", "link", "set", "lo", "up"]).status === 0;
  if (!isolated)
    process.stderr.write("No network namespace here: clients may reach the network.\n");
  const shell = ["-n", "sh", "-c", 'ip link set lo up && exec "$0" "$@"'];
  const [command = "", ...args] = isolated ? ["unshare", ...shell, ...program] : program;
  return spawnSync(command, [...args, ...process.argv.slice(2)], { stdio: "inherit" }).status ?? 1;
}

function refuse(text) {
  process.stderr.write(`${text}\n`);
  return 2;
}

process.exitCode = runAll();

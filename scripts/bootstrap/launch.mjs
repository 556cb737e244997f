import { spawn } from "node:child_process";
import { join } from "node:path";
import { ensureConsole } from "./console.mjs";
import { BootstrapFault, say } from "./fault.mjs";
import { ensureInstalled } from "./install.mjs";
import { root, stampDirectory } from "./paths.mjs";
import { chooseNode } from "./platform.mjs";
import { exitCodeOf } from "./run-process.mjs";

const SERVES_CONSOLE = new Set(["start", "control"]);

/** Installs and builds what is missing, then runs Weir's command line and ends as it ends. */
export async function launch(args) {
  try {
    const node = chooseNode();
    await ensureInstalled(node);
    const isHelp = args.includes("--help") || args.includes("-h");
    if (SERVES_CONSOLE.has(args[0]) && !isHelp) await ensureConsole(node);
    await hand(node, args);
  } catch (error) {
    if (!(error instanceof BootstrapFault)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}

async function hand(node, args) {
  const main = join(root, "gateway", "src", "main.ts");
  // The channel tells Weir when this process has gone, however it went.
  const child = spawn(node, ["--disable-warning=ExperimentalWarning", main, ...args], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    // Compiled code is kept from one start to the next, for every process of Weir.
    env: { NODE_COMPILE_CACHE: join(stampDirectory, "compiled"), ...process.env },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => child.kill(signal));
  }
  await new Promise((resolve, reject) => {
    child.once("error", (error) => {
      reject(
        new BootstrapFault(`${node} could not be started (${error.message}).`, { cause: error }),
      );
    });
    child.once("exit", (code, signal) => {
      process.exitCode = exitCodeOf(code, signal);
      resolve();
    });
  });
}

import type { Command } from "commander";
import type { ConfigFlags } from "../config/overrides.ts";
import { addDataOptions, loadFor } from "./config-options.ts";
import { exitCodes, StartFault } from "../supervisor/fault.ts";
import type { Host } from "./host.ts";

interface Flags extends ConfigFlags {
  readonly person?: string;
}

export function addLoginLinkCommand(program: Command, host: Host): void {
  addDataOptions(program.command("login-link"))
    .description("Print a link that signs a person in to the console, once, within 15 minutes")
    .option("--person <id>", "who signs in (default: the owner)")
    .addHelpText("after", "\nExample:\n  weir login-link --person ada")
    .action((flags: Flags) => print(flags, host));
}

async function print(flags: Flags, host: Host): Promise<void> {
  const config = loadFor(host, flags, false);
  const [
    { planDirectory },
    { areLinksAllowed },
    { createLoginToken, loginUrl },
    { findRunning },
    { withControlStore },
  ] = await Promise.all([
    import("../control/directory/plan.ts"),
    import("../control/sign-in-settings.ts"),
    import("../identity/login-link.ts"),
    import("../supervisor/running.ts"),
    import("./open-control-store.ts"),
  ]);
  if (!areLinksAllowed(config)) {
    throw new StartFault({
      code: "WEIR_LOGIN_LINKS_OFF",
      cause: "people sign in with the identity provider, and login links are off",
      remedy:
        "Open the console, or allow links with identity.localLinks: true and start Weir again.",
      exitCode: exitCodes.failed,
    });
  }
  const personId = flags.person ?? planDirectory(config, "").ownerId;
  const token = await withControlStore({ config, env: host.env }, (context) =>
    createLoginToken(context, { personId }),
  );
  const running = await findRunning(config.dataDir);
  const configured = `http://${config.console.host}:${config.console.port}`;
  host.stdout.write(`${loginUrl(running?.console || configured, token)}\n`);
  if (running === null)
    host.stderr.write("weir: no Weir is running here: start it, then use the link.\n");
}

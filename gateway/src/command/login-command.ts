import { hostname } from "node:os";
import type { Command } from "commander";
import { exitCodes, StartFault } from "../supervisor/fault.ts";
import type { Host } from "./host.ts";
import type { StoredLogin } from "./login/stored-login.ts";

const loginHelp = `
The key is short-lived and lies in weir/login.json of your configuration folder (XDG_CONFIG_HOME),
readable by you alone.

Examples:
  weir login --url https://weir.example.com
  eval "$(weir env)"
  weir logout`;

/** `login`, `logout` and `env`: a person's own key, by signing in with the browser. */
export function addLoginCommands(program: Command, host: Host): void {
  program
    .command("login")
    .description("Sign in with your browser, and keep a short-lived key of yours on this machine")
    .option("--url <url>", "address of the console (WEIR_CONSOLE_URL; default: this machine's)")
    .addHelpText("after", loginHelp)
    .action((flags: { url?: string }) => login(flags, host));
  program
    .command("logout")
    .description("Revoke the key of `weir login`, and remove it from this machine")
    .action(() => logout(host));
  program
    .command("env")
    .description('Print the environment for clients of the usual SDKs: eval "$(weir env)"')
    .action(() => printEnvironment(host));
}

async function login(flags: { readonly url?: string }, host: Host): Promise<void> {
  const [{ consoleOrigin, signInDevice }, { loginFile, writeLogin }] = await Promise.all([
    import("./login/device-flow.ts"),
    import("./login/stored-login.ts"),
  ]);
  const named = flags.url ?? (host.env["WEIR_CONSOLE_URL"] || "http://127.0.0.1:7778");
  const stored = await signInDevice({
    consoleUrl: consoleOrigin(named),
    deviceName: hostname(),
    now: Date.now,
    show: ({ userCode, url }) =>
      host.stderr.write(`Open ${url} and enter the code\n\n    ${userCode}\n\nWaiting …\n`),
  });
  const path = loginFile(host.env);
  await writeLogin(path, stored);
  const until = new Date(stored.expiresAtMs).toISOString().slice(0, 16).replace("T", " ");
  host.stdout.write(
    `Signed in until ${until} UTC. The key is in ${path}.\n` +
      'For clients of the usual SDKs:  eval "$(weir env)"\n' +
      "To end it:                      weir logout\n",
  );
}

async function requireLogin(host: Host): Promise<StoredLogin> {
  const { loginFile, readLogin } = await import("./login/stored-login.ts");
  const stored = await readLogin(loginFile(host.env));
  if (stored !== null) return stored;
  throw new StartFault({
    code: "WEIR_NO_LOGIN",
    cause: "nobody has signed in on this machine",
    remedy: "Run `weir login`.",
    exitCode: exitCodes.failed,
  });
}

async function logout(host: Host): Promise<void> {
  const [{ revokeLogin }, { loginFile, removeLogin }] = await Promise.all([
    import("./login/device-flow.ts"),
    import("./login/stored-login.ts"),
  ]);
  // Not removed before it is revoked: it would go on working, and nobody could revoke it here.
  await revokeLogin(await requireLogin(host));
  await removeLogin(loginFile(host.env));
  host.stdout.write("Signed out: the key is revoked and removed from this machine.\n");
}

async function printEnvironment(host: Host): Promise<void> {
  const stored = await requireLogin(host);
  if (stored.expiresAtMs <= Date.now()) {
    throw new StartFault({
      code: "WEIR_LOGIN_EXPIRED",
      cause: "the key of the last `weir login` has expired",
      remedy: "Run `weir login` again.",
      exitCode: exitCodes.failed,
    });
  }
  const { clientEnvironment } = await import("./login/client-environment.ts");
  host.stdout.write(clientEnvironment(stored));
}

import { type Command, InvalidArgumentError, Option } from "commander";
import type { ConfigFlags } from "../config/overrides.ts";
import type { DenialStyle } from "../contracts/snapshot.ts";
import type { KeyRecord } from "../control/keys/key-record.ts";
import { addDataOptions, loadFor } from "./config-options.ts";
import type { Host } from "./host.ts";

interface CreateFlags extends ConfigFlags {
  readonly person?: string;
  readonly name: string;
  readonly agent?: string;
  readonly expiresDays?: number;
  readonly denialStyle: DenialStyle;
  readonly json?: boolean;
}

interface ListFlags extends ConfigFlags {
  readonly person?: string;
  readonly json?: boolean;
}

const createHelp = `
Denial style:
  error  the status with which most clients stop and show the message
  soft   status 200 and a normal answer of the assistant that says why: for clients such as
         OpenClaw, which disable a key for minutes after any 4xx and so block allowed calls too

Example:
  weir key create --person ada --name laptop --expires-days 90`;

export function addKeyCommand(program: Command, host: Host): void {
  const key = program.command("key").description("Create, list and revoke virtual keys");
  addDataOptions(key.command("create"))
    .description("Create a key, and print it: it is shown this once")
    .option("--person <id>", "whose key it is (default: the owner)")
    .option("--name <text>", "what it is for", "from the command line")
    .option("--agent <id>", "for an agent that acts on the person's behalf")
    .option("--expires-days <days>", "after how many days it ends (default: never)", parseDays)
    .addOption(
      new Option("--denial-style <style>", "how a denied call is answered")
        .choices(["error", "soft"])
        .default("error"),
    )
    .option("--json", "print JSON")
    .addHelpText("after", createHelp)
    .action((flags: CreateFlags) => create(flags, host));
  addDataOptions(key.command("list"))
    .description("List keys: never the keys themselves")
    .option("--person <id>", "only this person's")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample:\n  weir key list --person ada")
    .action((flags: ListFlags) => list(flags, host));
  addDataOptions(key.command("revoke"))
    .description("Revoke a key for good, by its id")
    .argument("<id>", "as `weir key list` shows it")
    .addHelpText("after", "\nExample:\n  weir key revoke 0190c0de-0000-7000-8000-000000000000")
    .action((id: string, flags: ConfigFlags) => revoke(id, flags, host));
}

async function create(flags: CreateFlags, host: Host): Promise<void> {
  const config = loadFor(host, flags, false);
  const [{ createKey }, { planDirectory }, { withControlStore }] = await Promise.all([
    import("../control/keys/create.ts"),
    import("../control/directory/plan.ts"),
    import("./open-control-store.ts"),
  ]);
  const personId = flags.person ?? planDirectory(config, "").ownerId;
  const { key, record } = await withControlStore({ config, env: host.env }, (context) =>
    createKey(context, {
      name: flags.name,
      personId,
      denialStyle: flags.denialStyle,
      ...(flags.agent !== undefined && { agentId: flags.agent }),
      ...(flags.expiresDays !== undefined && {
        expiresAtMs: context.now() + flags.expiresDays * 86_400_000,
      }),
    }),
  );
  if (flags.json === true) host.stdout.write(`${JSON.stringify({ key, ...record })}\n`);
  else host.stdout.write(`${key}\n`);
}

async function list(flags: ListFlags, host: Host): Promise<void> {
  const config = loadFor(host, flags, false);
  const { listKeys } = await import("../control/keys/list.ts");
  const { withControlStore } = await import("./open-control-store.ts");
  const filter = flags.person === undefined ? {} : { personId: flags.person };
  const keys = await withControlStore({ config, env: host.env }, (context) =>
    listKeys(context, filter),
  );
  if (flags.json === true) host.stdout.write(`${JSON.stringify(keys)}\n`);
  else host.stdout.write(keys.length === 0 ? "no keys\n" : keys.map(formatKey).join(""));
}

async function revoke(id: string, flags: ConfigFlags, host: Host): Promise<void> {
  const config = loadFor(host, flags, false);
  const { revokeKey } = await import("../control/keys/revoke.ts");
  const { withControlStore } = await import("./open-control-store.ts");
  const record = await withControlStore({ config, env: host.env }, (context) =>
    revokeKey(context, { keyId: id }),
  );
  host.stdout.write(`revoked ${record.id} (${record.name})\n`);
}

function formatKey(key: KeyRecord): string {
  const who = key.agentId === null ? key.personId : `${key.agentId} for ${key.personId}`;
  const style = key.denialStyle === "soft" ? ["soft denials"] : [];
  return `${[key.id, `${key.hint}…`, stateOf(key), ...style, who, key.name].join("  ")}\n`;
}

function stateOf({ revokedAtMs, expiresAtMs }: KeyRecord): string {
  if (revokedAtMs !== null) return "revoked";
  if (expiresAtMs === null) return "live";
  return `until ${new Date(expiresAtMs).toISOString().slice(0, 10)}`;
}

function parseDays(text: string): number {
  const days = Number(text);
  if (/^\d+$/.test(text) && days >= 1 && days <= 3_650) return days;
  throw new InvalidArgumentError("It must be a whole number from 1 to 3650.");
}

import { type Command, InvalidArgumentError, Option } from "commander";
import type { ConfigFlags } from "../config/overrides.ts";
import type { DenialStyle } from "../contracts/snapshot.ts";
import { maxOverlapMs } from "../contracts/api/keys.ts";
import { type Scope, scopeNames } from "../contracts/scope.ts";
import type { KeyRecord } from "../control/keys/key-record.ts";
import { addDataOptions, loadFor } from "./config-options.ts";
import type { Host } from "./host.ts";
import { visibleText } from "./ledger/visible-text.ts";

const DAY = 86_400_000;

interface CreateFlags extends ConfigFlags {
  readonly person?: string;
  readonly name: string;
  readonly agent?: string;
  readonly expiresDays?: number;
  readonly denialStyle: DenialStyle;
  readonly scope?: readonly Scope[];
  readonly model?: readonly string[];
  readonly json?: boolean;
}

interface ListFlags extends ConfigFlags {
  readonly person?: string;
  readonly json?: boolean;
}

interface RotateFlags extends ConfigFlags {
  readonly overlap: number;
  readonly json?: boolean;
}

const createHelp = `
Scopes: what the key may be used for. Without --scope: for everything that its person may do.
  llm:call          calls to models, and what belongs to them
  models:list       the lists of models
  files:use         files, batches and whatever else cannot be metered
  passthrough:call  raw calls below /providers/

Denial style:
  error  the status with which most clients stop and show the message
  soft   status 200 and a normal answer of the assistant that says why: for clients such as
         OpenClaw, which disable a key for minutes after any 4xx and so block allowed calls too

Example:
  weir key create --person ada --name laptop --expires-days 90
  weir key create --person ada --name ci --scope llm:call --model 'gpt-5*' --model sim-echo`;

const rotateHelp = `
The new key has the settings of the old one, and a life as long; its calls are recorded under the
same key id. The old key works on for the overlap, and then ends.

Example:
  weir key rotate 0190c0de-0000-7000-8000-000000000000 --overlap 24h`;

export function addKeyCommand(program: Command, host: Host): void {
  const key = program.command("key").description("Create, list, rotate and revoke virtual keys");
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
    .addOption(
      new Option("--scope <scope>", "what it may be used for; repeat it for more")
        .choices(scopeNames)
        .argParser(collectScopes),
    )
    .option("--model <pattern>", "a model it may use, * as wildcard; repeat it for more", collect)
    .option("--json", "print JSON")
    .addHelpText("after", createHelp)
    .action((flags: CreateFlags) => create(flags, host));
  addDataOptions(key.command("list"))
    .description("List keys: never the keys themselves")
    .option("--person <id>", "only this person's")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample:\n  weir key list --person ada")
    .action((flags: ListFlags) => list(flags, host));
  addDataOptions(key.command("rotate"))
    .description("Put a new secret in the place of a key, and print it: it is shown this once")
    .argument("<id>", "as `weir key list` shows it")
    .option(
      "--overlap <time>",
      "for how long the old one works on: 0, 30m, 24h, 7d",
      parseTime,
      DAY,
    )
    .option("--json", "print JSON")
    .addHelpText("after", rotateHelp)
    .action((id: string, flags: RotateFlags) => rotate(id, flags, host));
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
      maxLiveKeys: config.identity.maxKeysPerPerson,
      ...(flags.scope !== undefined && { scopes: flags.scope }),
      ...(flags.model !== undefined && { models: flags.model }),
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

async function rotate(id: string, flags: RotateFlags, host: Host): Promise<void> {
  const config = loadFor(host, flags, false);
  const { rotateKey } = await import("../control/keys/rotate.ts");
  const { withControlStore } = await import("./open-control-store.ts");
  const { key, record, oldEndsAtMs } = await withControlStore(
    { config, env: host.env },
    (context) =>
      rotateKey(context, {
        keyId: id,
        overlapMs: flags.overlap,
        maxLiveKeys: config.identity.maxKeysPerPerson,
      }),
  );
  if (flags.json === true) {
    host.stdout.write(`${JSON.stringify({ key, ...record, oldEndsAtMs })}\n`);
    return;
  }
  host.stdout.write(`${key}\n`);
  const end = flags.overlap === 0 ? "has ended" : `ends at ${new Date(oldEndsAtMs).toISOString()}`;
  host.stderr.write(`the old key ${id} ${end}; the new one is ${record.id}\n`);
}

async function revoke(id: string, flags: ConfigFlags, host: Host): Promise<void> {
  const config = loadFor(host, flags, false);
  const { revokeKey } = await import("../control/keys/revoke.ts");
  const { listKeys } = await import("../control/keys/list.ts");
  const { withControlStore } = await import("./open-control-store.ts");
  const { record, others } = await withControlStore({ config, env: host.env }, async (context) => {
    const revoked = await revokeKey(context, { keyId: id });
    const all = await listKeys(context, { personId: revoked.personId });
    const { lineageId } = revoked;
    const isLive = ({ revokedAtMs, expiresAtMs }: KeyRecord) =>
      revokedAtMs === null && (expiresAtMs === null || expiresAtMs > context.now());
    return {
      record: revoked,
      others: all.filter((each) => each.lineageId === lineageId && isLive(each)),
    };
  });
  host.stdout.write(`revoked ${record.id} (${visibleText(record.name)})\n`);
  // Calls are recorded under the first key's id: whoever has it from there means all of them.
  for (const other of others) {
    host.stderr.write(
      `still live by rotation: ${other.id} (${other.hint}…). To end it too: weir key revoke ${other.id}\n`,
    );
  }
}

function formatKey(key: KeyRecord): string {
  const who = key.agentId === null ? key.personId : `${key.agentId} for ${key.personId}`;
  const style = key.denialStyle === "soft" ? ["soft denials"] : [];
  const narrowed = [
    ...(key.scopes === null ? [] : [`scopes ${key.scopes.join(",")}`]),
    ...(key.models === null ? [] : [`models ${key.models.join(",")}`]),
  ];
  const used = key.lastUsedAtMs === null ? "unused" : `used ${minuteOf(key.lastUsedAtMs)}`;
  const parts = [key.id, `${key.hint}…`, stateOf(key), used, ...style, ...narrowed, who, key.name];
  // Whoever makes a key names it: a name is no line of its own, and steers no terminal.
  return `${parts.map(visibleText).join("  ")}\n`;
}

function minuteOf(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16)}Z`;
}

function stateOf({ revokedAtMs, expiresAtMs }: KeyRecord): string {
  if (revokedAtMs !== null) return "revoked";
  if (expiresAtMs === null) return "live";
  return `${expiresAtMs <= Date.now() ? "expired" : "until"} ${minuteOf(expiresAtMs)}`;
}

function parseDays(text: string): number {
  const days = Number(text);
  if (/^\d+$/.test(text) && days >= 1 && days <= 3_650) return days;
  throw new InvalidArgumentError("It must be a whole number from 1 to 3650.");
}

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: DAY };

/** In milliseconds. */
function parseTime(text: string): number {
  const match = /^(\d{1,6})([mhd])$/.exec(text);
  const ms = text === "0" ? 0 : Number(match?.[1]) * (unitMs[match?.[2] ?? ""] ?? Number.NaN);
  if (ms >= 0 && ms <= maxOverlapMs) return ms;
  throw new InvalidArgumentError("It must be 0, or like 30m, 24h or 7d, and at most 30d.");
}

function collect(value: string, before: readonly string[] = []): string[] {
  if (value !== "" && value.length <= 256 && before.length < 64) return [...before, value];
  throw new InvalidArgumentError("It must be 1 to 256 characters, and given 64 times at most.");
}

function collectScopes(value: string, before: readonly Scope[] = []): Scope[] {
  const scope = scopeNames.find((name) => name === value);
  if (scope !== undefined) return [...new Set([...before, scope])];
  throw new InvalidArgumentError(`It must be one of ${scopeNames.join(", ")}.`);
}

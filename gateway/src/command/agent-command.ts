import { type Command, InvalidArgumentError, Option } from "commander";
import type { ConfigFlags } from "../config/overrides.ts";
import { maxHopsOfGrant } from "../contracts/delegation.ts";
import { type Scope, scopeNames } from "../contracts/scope.ts";
import { addDataOptions } from "./config-options.ts";
import type { Host } from "./host.ts";

export interface GrantFlags extends ConfigFlags {
  readonly scope: readonly Scope[];
  readonly model?: readonly string[];
  readonly tool?: readonly string[];
  readonly hops: number;
  readonly days: number;
  readonly json?: boolean;
}

export interface GrantListFlags extends ConfigFlags {
  readonly person?: string;
  readonly json?: boolean;
}

const grantHelp = `
The owner of a Weir without an identity provider consents by this. Everybody else grants in the
console, under Agents: nobody but the person themself can let an agent act in their name.

An agent that calls with a key is named with the key's owner, like owner/triage; a service of
weir.yaml by its id. The id that is printed is what the agent shows as subject_token.

Example:
  weir agent grant owner/triage --scope llm:call --model 'gpt-5*' --tool read_file --days 7`;

export function addAgentCommand(program: Command, host: Host): void {
  const agent = program.command("agent").description("What agents may do in people's names");
  addDataOptions(agent.command("grant"))
    .description("Let an agent act in the owner's name, and print the grant's id")
    .argument("<agent>", "person/agent, or the id of a service")
    .addOption(
      new Option("--scope <scope>", "what for; repeat it for more")
        .choices(scopeNames)
        .argParser(collectScopes)
        .makeOptionMandatory(),
    )
    .option("--model <pattern>", "a model it may use, * as wildcard; repeat it for more", collect)
    .option("--tool <pattern>", "a tool it may offer to a model; repeat it for more", collect)
    .option("--hops <number>", "how many further agents it may be handed on to", parseHops, 0)
    .option("--days <days>", "after how many days it ends", parseDays, 7)
    .option("--json", "print JSON")
    .addHelpText("after", grantHelp)
    .action(async (name: string, flags: GrantFlags) => {
      const { grantAgent } = await import("./agent/grant.ts");
      await grantAgent(name, flags, host);
    });
  addDataOptions(agent.command("list"))
    .description("List grants, newest first")
    .option("--person <id>", "only this person's")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample:\n  weir agent list --person ada")
    .action(async (flags: GrantListFlags) => {
      const { listAgents } = await import("./agent/list.ts");
      await listAgents(flags, host);
    });
  addDataOptions(agent.command("revoke"))
    .description("Revoke a grant for good; running proxies refuse its tokens within a second")
    .argument("<id>", "as `weir agent list` shows it")
    .addHelpText("after", "\nExample:\n  weir agent revoke 0190c0de-0000-7000-8000-000000000000")
    .action(async (id: string, flags: ConfigFlags) => {
      const { revokeAgent } = await import("./agent/revoke.ts");
      await revokeAgent(id, flags, host);
    });
}

function whole(text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
}

function parseHops(text: string): number {
  return whole(text, 0, maxHopsOfGrant);
}

function parseDays(text: string): number {
  return whole(text, 1, 365);
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

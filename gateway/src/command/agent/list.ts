import type { GrantView } from "../../contracts/api/grants.ts";
import { listGrants } from "../../control/delegation/list-grants.ts";
import type { GrantListFlags } from "../agent-command.ts";
import { loadFor } from "../config-options.ts";
import type { Host } from "../host.ts";
import { withControlStore } from "../open-control-store.ts";

/** Lists grants, whether or not their Weir is running. */
export async function listAgents(flags: GrantListFlags, host: Host): Promise<void> {
  const config = loadFor(host, flags, false);
  const filter = flags.person === undefined ? {} : { personId: flags.person };
  const { grants, nowMs } = await withControlStore({ config, env: host.env }, async (context) => ({
    grants: await listGrants(context, filter),
    nowMs: context.now(),
  }));
  if (flags.json === true) host.stdout.write(`${JSON.stringify(grants)}\n`);
  else if (grants.length === 0) host.stdout.write("no grants\n");
  else host.stdout.write(grants.map((each) => lineOf(each, nowMs)).join(""));
}

function lineOf(grant: GrantView, nowMs: number): string {
  const narrowed = [
    `scopes ${grant.scopes.join(",")}`,
    ...(grant.models === null ? [] : [`models ${grant.models.join(",")}`]),
    ...(grant.tools === null ? [] : [`tools ${grant.tools.join(",")}`]),
    ...(grant.maxHops === 0 ? [] : [`hops ${grant.maxHops}`]),
  ];
  const used = grant.lastUsedAtMs === null ? "unused" : `used ${minuteOf(grant.lastUsedAtMs)}`;
  const who = `${grant.agent} for ${grant.personId}`;
  return `${[grant.id, stateOf(grant, nowMs), used, ...narrowed, who].join("  ")}\n`;
}

function stateOf({ revokedAtMs, untilMs }: GrantView, nowMs: number): string {
  if (revokedAtMs !== null) return "revoked";
  return `${untilMs <= nowMs ? "ended" : "until"} ${minuteOf(untilMs)}`;
}

function minuteOf(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16)}Z`;
}

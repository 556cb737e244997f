import { Value } from "typebox/value";
import { NewGrant } from "../../contracts/api/grants.ts";
import { createGrant } from "../../control/delegation/grant.ts";
import { planDirectory } from "../../control/directory/plan.ts";
import { ControlError } from "../../control/errors.ts";
import { areLinksAllowed } from "../../control/sign-in-settings.ts";
import type { GrantFlags } from "../agent-command.ts";
import { loadFor } from "../config-options.ts";
import type { Host } from "../host.ts";
import { withControlStore } from "../open-control-store.ts";

const dayMs = 86_400_000;

/** The owner's consent, whether or not their Weir is running. */
export async function grantAgent(agent: string, flags: GrantFlags, host: Host): Promise<void> {
  const config = loadFor(host, flags, false);
  // Where others sign in, whoever runs Weir is not they.
  if (!areLinksAllowed(config) || config.people.length > 0)
    throw new ControlError(
      "WEIR_CONSENT_NOT_OWN",
      "Only people themselves let agents act in their name: in the console, under Agents.",
    );
  const { ownerId } = planDirectory(config, "");
  const serviceIds = new Set(config.identity.services.map(({ id }) => id));
  const created = await withControlStore({ config, env: host.env }, (context) => {
    const grant = {
      agent,
      scopes: [...flags.scope],
      ...(flags.model !== undefined && { models: [...flags.model] }),
      ...(flags.tool !== undefined && { tools: [...flags.tool] }),
      maxHops: flags.hops,
      untilMs: context.now() + flags.days * dayMs,
    };
    if (!Value.Check(NewGrant, grant))
      throw new ControlError("WEIR_INVALID_REQUEST", `"${agent}" names no agent, see --help.`);
    return createGrant(context, { personId: ownerId, grant, serviceIds });
  });
  host.stdout.write(flags.json === true ? `${JSON.stringify(created)}\n` : `${created.id}\n`);
}

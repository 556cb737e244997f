import type { ConfigFlags } from "../../config/overrides.ts";
import { revokeGrant } from "../../control/delegation/revoke-grant.ts";
import { loadFor } from "../config-options.ts";
import type { Host } from "../host.ts";
import { withControlStore } from "../open-control-store.ts";

/** Revokes anybody's grant, whether or not their Weir is running. */
export async function revokeAgent(id: string, flags: ConfigFlags, host: Host): Promise<void> {
  const config = loadFor(host, flags, false);
  const { agent, personId } = await withControlStore({ config, env: host.env }, (context) =>
    revokeGrant(context, { grantId: id }),
  );
  host.stdout.write(`revoked ${id} (${agent} for ${personId})\n`);
}

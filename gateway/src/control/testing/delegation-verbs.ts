import { createGrant } from "../delegation/grant.ts";
import { revokeGrant } from "../delegation/revoke-grant.ts";
import type { Verb, VerbFixture } from "./verb.ts";

const grantTriage = ({ context, clock }: VerbFixture) =>
  createGrant(context, {
    personId: "ada",
    grant: { agent: "bob/triage", scopes: ["llm:call"], untilMs: clock.nowMs + 1 },
    serviceIds: new Set(),
  });

/** What people let agents do in their name. */
export const delegationVerbs: Readonly<Record<string, Verb>> = {
  "granting an agent": {
    rows: ["grant.create"],
    from: ["control/delegation/grant.ts"],
    over: "POST /api/me/grants",
    act: grantTriage,
  },
  "revoking a grant": {
    rows: ["grant.revoke"],
    from: ["control/delegation/revoke-grant.ts"],
    over: "DELETE /api/grants/{id}",
    prepare: async (fixture) => (await grantTriage(fixture)).id,
    act: ({ context }, grantId) => revokeGrant(context, { grantId }),
  },
};

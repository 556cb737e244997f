import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import { BelongingList } from "../../contracts/api/belonging.ts";
import { Me } from "../../contracts/api/me.ts";
import { signedInOf } from "../../identity/access.ts";
import { problemResponses } from "../../shell/problem.ts";
import { readHistory } from "../directory/read-history.ts";
import type { Store } from "../store/open-store.ts";

export interface MeRouteDeps {
  readonly context: { readonly store: Store };
  readonly gatewayUrl: () => string;
  readonly isSimulated: boolean;
  readonly retentionDays: number;
  /** Of a team's calls; null where they are not kept. */
  readonly contentRetentionDays: (teamId: string) => number | null;
  readonly version: string;
}

/** Who is signed in, and where they belong. */
export async function meRoutes(app: FastifyInstance, deps: MeRouteDeps): Promise<void> {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.route({
    method: "GET",
    url: "/api/me",
    config: { permission: "profile:read-own" },
    schema: {
      operationId: "readMe",
      summary: "Who is signed in",
      tags: ["session"],
      security: [{ session: [] }],
      response: { 200: Me, ...problemResponses(401, 403) },
    },
    handler: async (request) => {
      const { personId, name, teamId, roles } = signedInOf(request);
      return {
        person: { id: personId, name, teamId, roles: [...roles] },
        gatewayUrl: deps.gatewayUrl(),
        simulator: deps.isSimulated,
        retentionDays: deps.retentionDays,
        contentRetentionDays: deps.contentRetentionDays(teamId),
        version: deps.version,
      };
    },
  });

  routes.route({
    method: "GET",
    url: "/api/me/history",
    config: { permission: "profile:read-own" },
    schema: {
      operationId: "readOwnHistory",
      summary: "The teams, managers and cost centres that you have had",
      tags: ["session"],
      security: [{ session: [] }],
      response: { 200: BelongingList, ...problemResponses(401, 403) },
    },
    handler: async (request) => ({
      belongings: await readHistory(deps.context.store, signedInOf(request).personId),
    }),
  });
}

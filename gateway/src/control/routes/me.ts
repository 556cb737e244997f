import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import { Me } from "../../contracts/api/me.ts";
import { signedInOf } from "../../identity/access.ts";
import { problemResponses } from "../../shell/problem.ts";

export interface MeRouteDeps {
  readonly gatewayUrl: () => string;
  readonly isSimulated: boolean;
  readonly retentionDays: number;
  /** Of a team's calls; null where they are not kept. */
  readonly contentRetentionDays: (teamId: string) => number | null;
  readonly version: string;
}

/** Who is signed in. */
export async function meRoutes(app: FastifyInstance, deps: MeRouteDeps): Promise<void> {
  app.withTypeProvider<TypeBoxTypeProvider>().route({
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
}

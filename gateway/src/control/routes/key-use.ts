import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import { KeyUseReport } from "../../contracts/key-use.ts";
import { noteKeyUse } from "../keys/note-use.ts";
import type { ControlContext } from "../store/change.ts";

/** Where proxies report which keys were used. */
export async function keyUseRoutes(
  app: FastifyInstance,
  deps: { readonly context: Omit<ControlContext, "actor"> },
): Promise<void> {
  app.withTypeProvider<TypeBoxTypeProvider>().route({
    method: "POST",
    url: "/internal/key-use",
    config: { permission: "control-token" },
    schema: { hide: true, body: KeyUseReport },
    handler: async (request, reply) => {
      await noteKeyUse(deps.context, request.body.uses);
      return reply.code(204).send();
    },
  });
}

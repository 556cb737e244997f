import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { ControlError } from "../errors.ts";
import type { SnapshotPublisher } from "../snapshot/publisher.ts";

const SnapshotQuery = Type.Object(
  {
    wait: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 60, description: "Seconds to wait for a change" }),
    ),
  },
  { additionalProperties: false },
);

function versionIn(etag: string | undefined): string {
  return etag === undefined ? "" : etag.replace(/^(?:W\/)?"?/, "").replace(/"$/, "");
}

/** The snapshot for proxies: a long poll that answers when there is something new. */
export async function snapshotRoutes(
  app: FastifyInstance,
  deps: { readonly publisher: SnapshotPublisher },
): Promise<void> {
  app.withTypeProvider<TypeBoxTypeProvider>().route({
    method: "GET",
    url: "/internal/snapshot",
    exposeHeadRoute: false,
    config: { permission: "control-token" },
    schema: { hide: true, querystring: SnapshotQuery },
    handler: async (request, reply) => {
      const known = versionIn(request.headers["if-none-match"]);
      const gone = new AbortController();
      reply.raw.once("close", () => gone.abort());
      const waitMs = (request.query.wait ?? 0) * 1000;
      await deps.publisher.waitForChange(known, waitMs, gone.signal);
      const { current } = deps.publisher;
      if (current === null) {
        throw new ControlError("WEIR_SNAPSHOT_NOT_READY", "The first snapshot is being built.");
      }
      const { snapshot, encoded } = current;
      void reply.header("etag", `"${snapshot.version}"`).header("cache-control", "no-store");
      if (snapshot.version === known) return reply.code(304).send();
      return reply.type("application/json; charset=utf-8").send(encoded);
    },
  });
}

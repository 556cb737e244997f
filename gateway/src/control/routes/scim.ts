import type { FastifyInstance, FastifyReply } from "fastify";
import { describeError } from "../describe-error.ts";
import { type ScimRouteDeps, scimMediaType } from "./scim-answer.ts";
import { discoveryRoutes } from "./scim-discovery.ts";
import { scimGroupRoutes } from "./scim-groups.ts";
import { scimUserRoutes } from "./scim-users.ts";
import { errorSchema } from "../scim/schema-urns.ts";
import { ScimError } from "../scim/scim-error.ts";

interface Described {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly scimType?: string | null;
}

function describe(error: unknown): Described {
  if (error instanceof ScimError) {
    const { status, code, message: detail, scimType } = error;
    return { status, code, detail, scimType };
  }
  const described = describeError(error);
  const isSyntax = described.status === 400;
  return { ...described, ...(isSyntax && { scimType: "invalidSyntax" }) };
}

/** RFC 7644 §3.12. */
function sendScimError(reply: FastifyReply, { status, detail, scimType }: Described): FastifyReply {
  if (status === 401) void reply.header("www-authenticate", 'Bearer realm="weir-scim"');
  if (status === 503) void reply.header("retry-after", 1);
  const body = { schemas: [errorSchema], status: String(status), detail };
  return reply
    .code(status)
    .type(scimMediaType)
    .header("cache-control", "no-store")
    .serializer((value: unknown) => JSON.stringify(value))
    .send({ ...body, ...(scimType && { scimType }) });
}

/** The directory as identity providers write it: SCIM 2.0, RFC 7643 and RFC 7644. */
export async function scimRoutes(app: FastifyInstance, deps: ScimRouteDeps): Promise<void> {
  await app.register(
    async (scim) => {
      const parse = scim.getDefaultJsonParser("error", "error");
      for (const type of [scimMediaType, "application/json"])
        scim.addContentTypeParser(type, { parseAs: "string" }, (request, body, done) => {
          // Clients name a type with a DELETE too, and send nothing of it.
          if (body === "") done(null, undefined);
          else void parse(request, body.toString(), done);
        });
      scim.setErrorHandler((error, request, reply) => {
        const described = describe(error);
        if (described.status >= 500)
          request.log.error({ err: error, code: described.code }, "request failed");
        return sendScimError(reply, described);
      });
      await scim.register(discoveryRoutes, deps);
      await scim.register(scimUserRoutes, deps);
      await scim.register(scimGroupRoutes, deps);
      scim.route({
        method: ["GET", "POST", "PUT", "PATCH", "DELETE"],
        url: "/*",
        exposeHeadRoute: false,
        config: { permission: "scim-token" },
        schema: { hide: true },
        handler: () => {
          throw new ScimError("WEIR_SCIM_NOT_FOUND", "There is no such endpoint.");
        },
      });
    },
    { prefix: "/scim/v2" },
  );
}

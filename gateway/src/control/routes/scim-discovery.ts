import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { resourceTypes, schemaResources, serviceProviderConfig } from "../scim/discovery.ts";
import { ScimError } from "../scim/scim-error.ts";
import {
  type ScimRouteDeps,
  scimMediaType,
  scimResponses,
  scimRoute,
  scimSchema,
  useOf,
} from "./scim-answer.ts";

const Named = Type.Object({ name: Type.String() });

const documents = {
  ServiceProviderConfig: {
    operationId: "readScimConfig",
    summary: "What of SCIM is spoken here",
    read: serviceProviderConfig,
  },
  ResourceTypes: {
    operationId: "listScimResourceTypes",
    summary: "Users and groups",
    read: (base: string, name: string | null) => resourceTypes(base, name),
  },
  Schemas: {
    operationId: "listScimSchemas",
    summary: "Which attributes are kept",
    read: (base: string, name: string | null) => schemaResources(base, name),
  },
};

/** RFC 7644 §4. */
export async function discoveryRoutes(app: FastifyInstance, deps: ScimRouteDeps): Promise<void> {
  for (const [path, { read, ...described }] of Object.entries(documents)) {
    app.route({
      ...scimRoute,
      method: "GET",
      url: `/${path}`,
      schema: { ...scimSchema, ...described, response: scimResponses(200, 401, 404) },
      handler: (_request, reply) => reply.type(scimMediaType).send(read(useOf(deps).base, null)),
    });
    if (path === "ServiceProviderConfig") continue;
    app.route({
      ...scimRoute,
      method: "GET",
      url: `/${path}/:name`,
      schema: { hide: true, params: Named },
      handler: (request, reply) => {
        const { name } = Value.Parse(Named, request.params);
        const found = read(useOf(deps).base, name);
        if (found === undefined) throw new ScimError("WEIR_SCIM_NOT_FOUND", "There is none.");
        return reply.type(scimMediaType).send(found);
      },
    });
  }
}

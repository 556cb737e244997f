import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import { listResponse, ListQuery, pageOf, select, SelectionQuery } from "../scim/list-query.ts";
import { userResource } from "../scim/resource.ts";
import { deleteUser } from "../scim/users/delete-user.ts";
import { listUsers, requireUser } from "../scim/users/find-users.ts";
import { patchUser, readUserBody } from "../scim/users/read-user-body.ts";
import { createUser, updateUser } from "../scim/users/write-user.ts";
import {
  AnyBody,
  IdParams,
  ifMatchOf,
  isKnown,
  type ScimRouteDeps,
  scimMediaType,
  scimResponses,
  scimRoute,
  scimSchema,
  sendResource,
  useOf,
} from "./scim-answer.ts";

function readUsers(app: FastifyInstance, deps: ScimRouteDeps): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.route({
    ...scimRoute,
    method: "GET",
    url: "/Users",
    schema: {
      ...scimSchema,
      operationId: "listScimUsers",
      summary: "Users, by a filter if there is one",
      querystring: ListQuery,
      response: scimResponses(200, 400, 401, 404),
    },
    handler: async (request, reply) => {
      const { context, base } = useOf(deps);
      const page = pageOf(request.query);
      const found = await listUsers(context.store, page, base);
      return reply.type(scimMediaType).send(listResponse(found, page, request.query));
    },
  });

  routes.route({
    ...scimRoute,
    method: "GET",
    url: "/Users/:id",
    schema: {
      ...scimSchema,
      operationId: "readScimUser",
      summary: "One user",
      params: IdParams,
      querystring: SelectionQuery,
      response: scimResponses(200, 304, 401, 404),
    },
    handler: async (request, reply) => {
      const { context, base } = useOf(deps);
      const row = await requireUser(context.store, request.params.id);
      const resource = userResource(row, base);
      if (isKnown(request, resource)) return reply.code(304).send();
      const body = select(resource, request.query);
      return sendResource(reply, { resource, body, status: 200 });
    },
  });
}

/** `/scim/v2/Users`, RFC 7644 §3. */
export async function scimUserRoutes(app: FastifyInstance, deps: ScimRouteDeps): Promise<void> {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();
  readUsers(app, deps);

  routes.route({
    ...scimRoute,
    method: "POST",
    url: "/Users",
    schema: {
      ...scimSchema,
      operationId: "createScimUser",
      summary: "Create a user",
      body: AnyBody,
      response: scimResponses(201, 400, 401, 404, 409, 413, 503),
    },
    handler: async (request, reply) => {
      const { context, rules, base } = useOf(deps);
      const row = await createUser(context, rules, readUserBody(request.body));
      await deps.publish();
      const resource = userResource(row, base);
      return sendResource(reply, { resource, status: 201 });
    },
  });

  routes.route({
    ...scimRoute,
    method: "PUT",
    url: "/Users/:id",
    schema: {
      ...scimSchema,
      operationId: "replaceScimUser",
      summary: "Replace a user",
      params: IdParams,
      body: AnyBody,
      response: scimResponses(200, 400, 401, 404, 409, 412, 413, 503),
    },
    handler: async (request, reply) => {
      const { context, rules, base } = useOf(deps);
      const wanted = readUserBody(request.body);
      const { id } = request.params;
      const change = () => wanted;
      const row = await updateUser(context, rules, { id, ifMatch: ifMatchOf(request), change });
      await deps.publish();
      const resource = userResource(row, base);
      return sendResource(reply, { resource, status: 200 });
    },
  });

  routes.route({
    ...scimRoute,
    method: "PATCH",
    url: "/Users/:id",
    schema: {
      ...scimSchema,
      operationId: "patchScimUser",
      summary: "Change a user",
      params: IdParams,
      body: AnyBody,
      response: scimResponses(200, 400, 401, 404, 409, 412, 413, 503),
    },
    handler: async (request, reply) => {
      const { context, rules, base } = useOf(deps);
      const row = await updateUser(context, rules, {
        id: request.params.id,
        ifMatch: ifMatchOf(request),
        change: (before) => patchUser(before, request.body),
      });
      await deps.publish();
      const resource = userResource(row, base);
      return sendResource(reply, { resource, status: 200 });
    },
  });

  routes.route({
    ...scimRoute,
    method: "DELETE",
    url: "/Users/:id",
    schema: {
      ...scimSchema,
      operationId: "deleteScimUser",
      summary: "Delete a user: the person is removed and their keys revoked",
      params: IdParams,
      response: scimResponses(204, 401, 404, 412, 503),
    },
    handler: async (request, reply) => {
      const { context, rules } = useOf(deps);
      await deleteUser(context, rules, { id: request.params.id, ifMatch: ifMatchOf(request) });
      await deps.publish();
      return reply.code(204).send();
    },
  });
}

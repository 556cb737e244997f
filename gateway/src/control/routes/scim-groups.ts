import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import {
  listResponse,
  ListQuery,
  needsAttribute,
  pageOf,
  select,
  SelectionQuery,
} from "../scim/list-query.ts";
import { listGroups, membersOf, requireGroup } from "../scim/groups/find-groups.ts";
import { patchGroup, readGroupBody } from "../scim/groups/group-attributes.ts";
import { createGroup, deleteGroup, updateGroup } from "../scim/groups/write-group.ts";
import { groupResource, type ScimResource } from "../scim/resource.ts";
import type { ScimGroupTable } from "../store/schema.ts";
import {
  AnyBody,
  IdParams,
  ifMatchOf,
  isKnown,
  type ScimRouteDeps,
  scimMediaType,
  type ScimUse,
  scimResponses,
  scimRoute,
  scimSchema,
  sendResource,
  useOf,
} from "./scim-answer.ts";

async function resourceOf(
  { context, base }: ScimUse,
  row: ScimGroupTable,
  query: SelectionQuery,
): Promise<ScimResource> {
  if (!needsAttribute("members", query)) return groupResource(row, null, base);
  const members = await membersOf(context.store, [row.id]);
  return groupResource(row, members.get(row.id) ?? [], base);
}

function readGroups(app: FastifyInstance, deps: ScimRouteDeps): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.route({
    ...scimRoute,
    method: "GET",
    url: "/Groups",
    schema: {
      ...scimSchema,
      operationId: "listScimGroups",
      summary: "Groups, by a filter if there is one",
      querystring: ListQuery,
      response: scimResponses(200, 400, 401, 404),
    },
    handler: async (request, reply) => {
      const { context, base } = useOf(deps);
      const page = pageOf(request.query);
      const withMembers = needsAttribute("members", request.query, page.filter);
      const found = await listGroups(context.store, { ...page, withMembers }, base);
      return reply.type(scimMediaType).send(listResponse(found, page, request.query));
    },
  });

  routes.route({
    ...scimRoute,
    method: "GET",
    url: "/Groups/:id",
    schema: {
      ...scimSchema,
      operationId: "readScimGroup",
      summary: "One group",
      params: IdParams,
      querystring: SelectionQuery,
      response: scimResponses(200, 304, 401, 404),
    },
    handler: async (request, reply) => {
      const use = useOf(deps);
      const { context } = use;
      const row = await requireGroup(context.store, request.params.id);
      const resource = await resourceOf(use, row, request.query);
      if (isKnown(request, resource)) return reply.code(304).send();
      const body = select(resource, request.query);
      return sendResource(reply, { resource, body, status: 200 });
    },
  });
}

/** `/scim/v2/Groups`, RFC 7644 §3. */
export async function scimGroupRoutes(app: FastifyInstance, deps: ScimRouteDeps): Promise<void> {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();
  readGroups(app, deps);

  routes.route({
    ...scimRoute,
    method: "POST",
    url: "/Groups",
    schema: {
      ...scimSchema,
      operationId: "createScimGroup",
      summary: "Create a group",
      body: AnyBody,
      response: scimResponses(201, 400, 401, 404, 409, 413, 503),
    },
    handler: async (request, reply) => {
      const use = useOf(deps);
      const { context, rules } = use;
      const row = await createGroup(context, rules, readGroupBody(request.body));
      await deps.publish();
      const resource = await resourceOf(use, row, {});
      return sendResource(reply, { resource, status: 201 });
    },
  });

  routes.route({
    ...scimRoute,
    method: "PUT",
    url: "/Groups/:id",
    schema: {
      ...scimSchema,
      operationId: "replaceScimGroup",
      summary: "Replace a group",
      params: IdParams,
      body: AnyBody,
      response: scimResponses(200, 400, 401, 404, 409, 412, 413, 503),
    },
    handler: async (request, reply) => {
      const use = useOf(deps);
      const { context, rules } = use;
      const wanted = readGroupBody(request.body);
      const { id } = request.params;
      const change = () => wanted;
      const row = await updateGroup(context, rules, { id, ifMatch: ifMatchOf(request), change });
      await deps.publish();
      const resource = await resourceOf(use, row, {});
      return sendResource(reply, { resource, status: 200 });
    },
  });

  routes.route({
    ...scimRoute,
    method: "PATCH",
    url: "/Groups/:id",
    schema: {
      ...scimSchema,
      operationId: "patchScimGroup",
      summary: "Change a group",
      params: IdParams,
      body: AnyBody,
      response: scimResponses(204, 400, 401, 404, 409, 412, 413, 503),
    },
    handler: async (request, reply) => {
      const { context, rules } = useOf(deps);
      const row = await updateGroup(context, rules, {
        id: request.params.id,
        ifMatch: ifMatchOf(request),
        change: (before) => patchGroup(before, request.body),
      });
      await deps.publish();
      // Without a body, which would have all members for each that comes or goes.
      return reply.code(204).header("etag", `W/"${row.version}"`).send();
    },
  });

  routes.route({
    ...scimRoute,
    method: "DELETE",
    url: "/Groups/:id",
    schema: {
      ...scimSchema,
      operationId: "deleteScimGroup",
      summary: "Delete a group, and what it gave",
      params: IdParams,
      response: scimResponses(204, 401, 404, 412, 503),
    },
    handler: async (request, reply) => {
      const { context, rules } = useOf(deps);
      await deleteGroup(context, rules, { id: request.params.id, ifMatch: ifMatchOf(request) });
      await deps.publish();
      return reply.code(204).send();
    },
  });
}

import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import type { FastifyInstance } from "fastify";
import { GrantList, GrantParams, GrantView, NewGrant } from "../../contracts/api/grants.ts";
import { signedInOf } from "../../identity/access.ts";
import type { SignedIn } from "../../identity/session.ts";
import { problemResponses } from "../../shell/problem.ts";
import type { DelegationDesk } from "../delegation/desk.ts";
import { createGrant } from "../delegation/grant.ts";
import { listGrants } from "../delegation/list-grants.ts";
import { revokeGrant } from "../delegation/revoke-grant.ts";
import type { ControlContext } from "../store/change.ts";
import { showsNothing } from "../views/view.ts";

export interface GrantRouteDeps {
  readonly context: Omit<ControlContext, "actor">;
  readonly delegation: DelegationDesk;
  /** Called after every change, so that proxies learn of it at once. */
  readonly publish: () => Promise<void>;
}

const common = { tags: ["grants"], security: [{ session: [] }] };

/** What agents may do in a person's name. Whose consent it is comes from the session alone. */
export async function grantRoutes(app: FastifyInstance, deps: GrantRouteDeps): Promise<void> {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();
  const serviceIds = new Set(deps.delegation.services.map(({ id }) => id));
  const contextOf = ({ personId }: SignedIn): ControlContext => ({
    ...deps.context,
    actor: `person:${personId}`,
  });

  routes.route({
    method: "GET",
    url: "/api/me/grants",
    config: { permission: "grants:read-own" },
    schema: {
      ...common,
      operationId: "listOwnGrants",
      summary: "What agents may do in your name, newest first",
      response: { 200: GrantList, ...problemResponses(401, 403) },
    },
    handler: async (request) => {
      const { personId } = signedInOf(request);
      return { grants: await listGrants(deps.context, { personId }) };
    },
  });

  routes.route({
    method: "POST",
    url: "/api/me/grants",
    config: { permission: "grants:write-own" },
    schema: {
      ...common,
      operationId: "createOwnGrant",
      summary: "Let an agent act in your name",
      body: NewGrant,
      response: { 201: GrantView, ...problemResponses(400, 401, 403, 404, 409, 413, 415, 503) },
    },
    handler: async (request, reply) => {
      const person = signedInOf(request);
      const { personId } = person;
      const input = { personId, grant: request.body, serviceIds };
      const created = await createGrant(contextOf(person), input);
      await deps.publish();
      return reply.code(201).send(created);
    },
  });

  routes.route({
    method: "DELETE",
    url: "/api/me/grants/:id",
    config: { permission: "grants:write-own" },
    schema: {
      ...common,
      operationId: "revokeOwnGrant",
      summary: "Take back what an agent may do in your name",
      params: GrantParams,
      response: { 200: GrantView, ...problemResponses(400, 401, 403, 404, 503) },
    },
    handler: async (request) => {
      const person = signedInOf(request);
      const input = { grantId: request.params.id, personId: person.personId };
      const revoked = await revokeGrant(contextOf(person), input);
      await deps.publish();
      return revoked;
    },
  });

  routes.route({
    method: "DELETE",
    url: "/api/grants/:id",
    config: { permission: "grants:revoke", view: showsNothing },
    schema: {
      ...common,
      operationId: "revokeGrant",
      summary: "Take back what an agent may do in anybody's name",
      params: GrantParams,
      response: { 204: Type.Null(), ...problemResponses(400, 401, 403, 404, 503) },
    },
    handler: async (request, reply) => {
      const person = signedInOf(request);
      await revokeGrant(contextOf(person), { grantId: request.params.id });
      await deps.publish();
      return reply.code(204).send(null);
    },
  });
}

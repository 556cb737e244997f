import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import {
  CreatedKeyView,
  KeyList,
  KeyParams,
  KeyView,
  NewKey,
  Rotation,
} from "../../contracts/api/keys.ts";
import { signedInOf } from "../../identity/access.ts";
import type { SignedIn } from "../../identity/session.ts";
import { problemResponses } from "../../shell/problem.ts";
import { createKey } from "../keys/create.ts";
import { listKeys } from "../keys/list.ts";
import { revokeKey } from "../keys/revoke.ts";
import { rotateKey } from "../keys/rotate.ts";
import type { ControlContext } from "../store/change.ts";

export interface KeyRouteDeps {
  readonly context: Omit<ControlContext, "actor">;
  /** Called after every change, so that proxies learn of it at once. */
  readonly publish: () => Promise<void>;
  readonly maxKeysPerPerson: number;
}

const common = { tags: ["keys"], security: [{ session: [] }] };

/** A person's own keys: list, create, rotate, revoke. Whose they are comes from the session alone. */
export async function keyRoutes(app: FastifyInstance, deps: KeyRouteDeps): Promise<void> {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();
  const contextOf = (person: SignedIn): ControlContext => ({
    ...deps.context,
    actor: `person:${person.personId}`,
  });

  routes.route({
    method: "GET",
    url: "/api/keys",
    config: { permission: "keys:read-own" },
    schema: {
      ...common,
      operationId: "listOwnKeys",
      summary: "List your own keys, newest first",
      response: { 200: KeyList, ...problemResponses(401, 403) },
    },
    handler: async (request) => {
      const { personId } = signedInOf(request);
      return { keys: await listKeys(deps.context, { personId }) };
    },
  });

  routes.route({
    method: "POST",
    url: "/api/keys",
    config: { permission: "keys:write-own" },
    schema: {
      ...common,
      operationId: "createOwnKey",
      summary: "Create a key of your own; it is shown once",
      body: NewKey,
      response: { 201: CreatedKeyView, ...problemResponses(400, 401, 403, 409, 413, 415, 503) },
    },
    handler: async (request, reply) => {
      const person = signedInOf(request);
      const { maxKeysPerPerson: maxLiveKeys } = deps;
      const input = { ...request.body, personId: person.personId, maxLiveKeys };
      const created = await createKey(contextOf(person), input);
      await deps.publish();
      return reply.code(201).header("cache-control", "no-store").send(created);
    },
  });

  routes.route({
    method: "POST",
    url: "/api/keys/:id/rotate",
    config: { permission: "keys:write-own" },
    schema: {
      ...common,
      operationId: "rotateOwnKey",
      summary:
        "Put a new secret in the place of a key of your own; the old one ends after an overlap",
      params: KeyParams,
      body: Rotation,
      response: {
        201: CreatedKeyView,
        ...problemResponses(400, 401, 403, 404, 409, 413, 415, 503),
      },
    },
    handler: async (request, reply) => {
      const person = signedInOf(request);
      const { overlapMs } = request.body;
      const input = {
        keyId: request.params.id,
        personId: person.personId,
        overlapMs,
        maxLiveKeys: deps.maxKeysPerPerson,
      };
      const { key, record } = await rotateKey(contextOf(person), input);
      await deps.publish();
      return reply.code(201).header("cache-control", "no-store").send({ key, record });
    },
  });

  routes.route({
    method: "DELETE",
    url: "/api/keys/:id",
    config: { permission: "keys:write-own" },
    schema: {
      ...common,
      operationId: "revokeOwnKey",
      summary: "Revoke a key of your own for good",
      params: KeyParams,
      response: { 200: KeyView, ...problemResponses(400, 401, 403, 404, 503) },
    },
    handler: async (request) => {
      const person = signedInOf(request);
      const input = { keyId: request.params.id, personId: person.personId };
      const revoked = await revokeKey(contextOf(person), input);
      await deps.publish();
      return revoked;
    },
  });
}

import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { DeviceCodeEntry, DeviceDecision, DeviceRequest } from "../../contracts/api/sign-in.ts";
import { signedInOf } from "../../identity/access.ts";
import { decideDeviceLogin, findWaitingDevice } from "../../identity/device/confirm.ts";
import type { SignedIn } from "../../identity/session.ts";
import { problemResponses } from "../../shell/problem.ts";
import type { SignInSettings } from "../sign-in-settings.ts";
import type { ControlContext } from "../store/change.ts";

export interface DeviceLoginRouteDeps {
  readonly context: Omit<ControlContext, "actor">;
  readonly signInSettings: SignInSettings;
}

const common = { tags: ["session"], security: [{ session: [] }] };

/** A signed-in person's word on a device that wants a key of theirs. */
export async function deviceLoginRoutes(
  app: FastifyInstance,
  deps: DeviceLoginRouteDeps,
): Promise<void> {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();
  const contextOf = (person: SignedIn): ControlContext => ({
    ...deps.context,
    actor: `person:${person.personId}`,
  });

  routes.route({
    method: "POST",
    url: "/api/device-login/find",
    config: { permission: "keys:write-own" },
    schema: {
      ...common,
      operationId: "findDeviceLogin",
      summary:
        "What waits with the code that you have typed; five wrong ones lock you out for a while",
      body: DeviceCodeEntry,
      response: {
        200: DeviceRequest,
        ...problemResponses(400, 401, 403, 404, 413, 415, 429, 503),
      },
    },
    handler: async (request) => {
      const person = signedInOf(request);
      const { deviceName, createdAtMs, expiresAtMs } = await findWaitingDevice(contextOf(person), {
        personId: person.personId,
        userCode: request.body.userCode,
      });
      const { keyLifetimeMs } = deps.signInSettings;
      return { deviceName, requestedAtMs: createdAtMs, expiresAtMs, keyLifetimeMs };
    },
  });

  routes.route({
    method: "POST",
    url: "/api/device-login/decide",
    config: { permission: "keys:write-own" },
    schema: {
      ...common,
      operationId: "decideDeviceLogin",
      summary: "Give a device a short-lived key of yours, or refuse it one",
      body: DeviceDecision,
      response: { 204: Type.Null(), ...problemResponses(400, 401, 403, 404, 413, 415, 429, 503) },
    },
    handler: async (request, reply) => {
      const person = signedInOf(request);
      await decideDeviceLogin(contextOf(person), { personId: person.personId, ...request.body });
      return reply.code(204).send(null);
    },
  });
}

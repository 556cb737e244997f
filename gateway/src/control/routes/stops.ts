import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import {
  NewLift,
  NewOwnStop,
  NewStop,
  OwnStops,
  StopList,
  StopParams,
  StopQuestion,
  StopView,
} from "../../contracts/api/stops.ts";
import { NewPause } from "../../contracts/stop.ts";
import { signedInOf } from "../../identity/access.ts";
import { isPermitted } from "../../identity/permissions.ts";
import type { SignedIn } from "../../identity/session.ts";
import { problemResponses } from "../../shell/problem.ts";
import { recordRead, type ViewDesk } from "../ledger/record-read.ts";
import { liftStop } from "../stops/lift-stop.ts";
import { countInForce, listOwnStops, listStops } from "../stops/list-stops.ts";
import { mayLiftOwn } from "../stops/may-lift-own.ts";
import { setStop } from "../stops/set-stop.ts";
import type { ControlContext } from "../store/change.ts";
import { showsNothing } from "../views/view.ts";

export interface StopRouteDeps {
  readonly context: Omit<ControlContext, "actor">;
  readonly views: Pick<ViewDesk, "decideView" | "recordAccess">;
  /** Called after every change, so that proxies learn of it at once. */
  readonly publish: () => Promise<void>;
}

const common = { tags: ["stops"], security: [{ session: [] }] };
const refusals = problemResponses(400, 401, 403, 404, 409, 413, 415, 503);
const resource = "stops";

/** Stopping what runs through the gateway, and letting it go on. */
export async function stopRoutes(app: FastifyInstance, deps: StopRouteDeps): Promise<void> {
  addOwnRoutes(app, deps);
  addRoutesForAll(app, deps);
  addPauses(app, deps);
}

function contextOf({ context }: StopRouteDeps, { personId }: SignedIn): ControlContext {
  return { ...context, actor: `person:${personId}` };
}

function addOwnRoutes(app: FastifyInstance, deps: StopRouteDeps): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.route({
    method: "GET",
    url: "/api/me/stops",
    config: { permission: "stops:read-own" },
    schema: {
      ...common,
      operationId: "listOwnStops",
      summary: "The stops in force that concern you, newest first",
      response: { 200: OwnStops, ...problemResponses(401, 403, 503) },
    },
    handler: async (request) => ownStops(deps, signedInOf(request)),
  });

  routes.route({
    method: "POST",
    url: "/api/me/stops",
    config: { permission: "stops:set-own" },
    schema: {
      ...common,
      operationId: "setOwnStop",
      summary: "Stop an agent, a session or a key of yours at once",
      body: NewOwnStop,
      response: { 201: StopView, ...refusals },
    },
    handler: async (request, reply) => {
      const person = signedInOf(request);
      const { personId } = person;
      const target = ownName(request.body, personId);
      const input = { ...request.body, target, ownerId: personId };
      const stop = await setStop(contextOf(deps, person), input);
      await deps.publish();
      return reply.code(201).send(stop);
    },
  });

  routes.route({
    method: "POST",
    url: "/api/me/stops/:id/lift",
    config: { permission: "stops:lift-own" },
    schema: {
      ...common,
      operationId: "liftOwnStop",
      summary: "Lift what you stopped yourself, or what Weir paused of yours",
      params: StopParams,
      body: NewLift,
      response: { 200: StopView, ...refusals },
    },
    handler: async (request) => {
      const person = signedInOf(request);
      const { personId } = person;
      const input = { stopId: request.params.id, reason: request.body.reason, personId };
      const stop = await liftStop(contextOf(deps, person), input);
      await deps.publish();
      return stop;
    },
  });
}

/** An agent of one's own goes by its name; its owner before it says nothing more. */
function ownName({ kind, target }: NewOwnStop, personId: string): string {
  const prefix = `${personId}/`;
  return kind === "agent" && target.startsWith(prefix) ? target.slice(prefix.length) : target;
}

async function ownStops({ context }: StopRouteDeps, person: SignedIn): Promise<OwnStops> {
  const { personId, roles } = person;
  const own = await listOwnStops(context, personId);
  const may = {
    read: isPermitted(roles, "stops:read"),
    set: isPermitted(roles, "stops:set"),
    lift: isPermitted(roles, "stops:lift"),
  };
  const all = may.read ? await countInForce(context.store) : 0;
  return {
    stops: own.map((stop) => ({
      ...stop,
      // Who else stopped them is in the audit log, and not for them to hold against anybody.
      setBy: [`person:${personId}`, "weir"].includes(stop.setBy) || may.read ? stop.setBy : "",
      mayLift: may.lift || mayLiftOwn(stop, personId),
    })),
    permissions: may,
    othersInForce: Math.max(0, all - own.length),
  };
}

function addRoutesForAll(app: FastifyInstance, deps: StopRouteDeps): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.route({
    method: "POST",
    url: "/api/stops/show",
    config: { permission: "stops:read", view: { shows: "rows", resource } },
    schema: {
      ...common,
      operationId: "showStops",
      summary: "Everybody's stops, newest first; the look is on record",
      body: StopQuestion,
      response: { 200: StopList, ...refusals },
    },
    handler: async (request) => {
      const { purpose, withLifted = false } = request.body;
      const desk = { ...deps.views, context: contextOf(deps, signedInOf(request)) };
      await recordRead(desk, { personId: "*", resource, purpose }, { withLifted });
      request.isReadRecorded = true;
      return { stops: await listStops(deps.context, { withLifted }) };
    },
  });

  routes.route({
    method: "POST",
    url: "/api/stops",
    config: { permission: "stops:set", view: showsNothing },
    schema: {
      ...common,
      operationId: "setStop",
      summary: "Stop an agent, a person, a session, a key, a tool or everything at once",
      body: NewStop,
      response: { 201: StopView, ...refusals },
    },
    handler: async (request, reply) => {
      const stop = await setStop(contextOf(deps, signedInOf(request)), request.body);
      await deps.publish();
      return reply.code(201).send(stop);
    },
  });

  routes.route({
    method: "POST",
    url: "/api/stops/:id/lift",
    config: { permission: "stops:lift", view: showsNothing },
    schema: {
      ...common,
      operationId: "liftStop",
      summary: "Lift a stop, whoever set it",
      params: StopParams,
      body: NewLift,
      response: { 204: Type.Null(), ...refusals },
    },
    handler: async (request, reply) => {
      const input = { stopId: request.params.id, reason: request.body.reason };
      await liftStop(contextOf(deps, signedInOf(request)), input);
      await deps.publish();
      return reply.code(204).send(null);
    },
  });
}

/** Where a proxy says what it has paused by itself: it holds there already. */
function addPauses(app: FastifyInstance, deps: StopRouteDeps): void {
  app.withTypeProvider<TypeBoxTypeProvider>().route({
    method: "POST",
    url: "/internal/stops/pauses",
    config: { permission: "control-token" },
    schema: { hide: true, body: NewPause, response: { 201: Type.Object({ id: Type.String() }) } },
    handler: async (request, reply) => {
      const context: ControlContext = { ...deps.context, actor: "weir" };
      const { id } = await setStop(context, { ...request.body, once: true });
      await deps.publish();
      return reply.code(201).send({ id });
    },
  });
}

import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { AccessesQuery, AccessPage } from "../../contracts/api/accesses.ts";
import { DecisionItem, DecisionPage, DecisionsQuery } from "../../contracts/api/decisions.ts";
import { OwnUsage, UsageQuery } from "../../contracts/api/usage.ts";
import { signedInOf } from "../../identity/access.ts";
import { problemResponses } from "../../shell/problem.ts";
import { ControlError } from "../errors.ts";

/** The questions that a person may ask about themselves. The id is always the session's. */
export interface InsightRouteDeps {
  readonly insight: {
    readonly readOwnUsage: (personId: string, query: UsageQuery) => Promise<OwnUsage>;
    readonly readOwnDecisions: (personId: string, query: DecisionsQuery) => Promise<DecisionPage>;
    readonly readOwnAccesses: (personId: string, query: AccessesQuery) => Promise<AccessPage>;
    readonly readOwnDecision: (personId: string, id: string) => Promise<DecisionItem | null>;
  };
}

const security = [{ session: [] }];
const DecisionParams = Type.Object({ id: Type.String({ maxLength: 64 }) });

/** A person's own usage, the decisions on their own calls, and who looked at their data. */
export async function insightRoutes(app: FastifyInstance, deps: InsightRouteDeps): Promise<void> {
  const { insight } = deps;
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.route({
    method: "GET",
    url: "/api/usage",
    config: { permission: "usage:read-own" },
    schema: {
      operationId: "readOwnUsage",
      summary: "Your own usage, by day and by model",
      tags: ["usage"],
      security,
      querystring: UsageQuery,
      response: { 200: OwnUsage, ...problemResponses(400, 401, 403, 503) },
    },
    handler: async (request) => insight.readOwnUsage(signedInOf(request).personId, request.query),
  });

  routes.route({
    method: "GET",
    url: "/api/decisions",
    config: { permission: "decisions:read-own" },
    schema: {
      operationId: "listOwnDecisions",
      summary: "Decisions on your own calls, newest first",
      tags: ["decisions"],
      security,
      querystring: DecisionsQuery,
      response: { 200: DecisionPage, ...problemResponses(400, 401, 403, 503) },
    },
    handler: async (request) =>
      insight.readOwnDecisions(signedInOf(request).personId, request.query),
  });

  routes.route({
    method: "GET",
    url: "/api/me/accesses",
    config: { permission: "accesses:read-own" },
    schema: {
      operationId: "listOwnAccesses",
      summary: "Who looked at your data, newest first",
      tags: ["accesses"],
      security,
      querystring: AccessesQuery,
      response: { 200: AccessPage, ...problemResponses(400, 401, 403, 503) },
    },
    handler: async (request) =>
      insight.readOwnAccesses(signedInOf(request).personId, request.query),
  });

  routes.route({
    method: "GET",
    url: "/api/decisions/:id",
    config: { permission: "decisions:read-own" },
    schema: {
      operationId: "readOwnDecision",
      summary: "One decision on a call of your own",
      tags: ["decisions"],
      security,
      params: DecisionParams,
      response: { 200: DecisionItem, ...problemResponses(400, 401, 403, 404, 503) },
    },
    handler: async (request) => {
      const decision = await insight.readOwnDecision(
        signedInOf(request).personId,
        request.params.id,
      );
      if (decision !== null) return decision;
      // Another person's decision is not found either: that it exists is none of the asker's business.
      throw new ControlError("WEIR_DECISION_NOT_FOUND", "You have no decision with this id.");
    },
  });
}

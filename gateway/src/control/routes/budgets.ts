import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { BudgetReports, NewRaise, OwnBudgets, RaiseView } from "../../contracts/api/budgets.ts";
import { SpentCounters } from "../../contracts/budget.ts";
import { signedInOf } from "../../identity/access.ts";
import { problemResponses } from "../../shell/problem.ts";
import type { BudgetDesk } from "../budgets/desk.ts";
import type { ControlContext } from "../store/change.ts";
import { showsNothing } from "../views/view.ts";

export interface BudgetRouteDeps {
  readonly context: Omit<ControlContext, "actor">;
  readonly budgets: BudgetDesk;
}

const common = { tags: ["budgets"], security: [{ session: [] }] };
const Params = Type.Object({ id: Type.String({ maxLength: 64 }) });

/** What is left of one's own limits; everybody's limits, and raises, for those who may. */
export async function budgetRoutes(
  app: FastifyInstance,
  deps: BudgetRouteDeps & { readonly publish: () => Promise<void> },
): Promise<void> {
  const { budgets, context, publish } = deps;
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.route({
    method: "GET",
    url: "/api/me/budgets",
    config: { permission: "usage:read-own" },
    schema: {
      ...common,
      operationId: "listOwnBudgets",
      summary: "The limits that your calls fall under, and what you have used of your own",
      response: { 200: OwnBudgets, ...problemResponses(401, 403, 503) },
    },
    handler: async (request) => {
      const own = await budgets.own(signedInOf(request));
      return { budgets: own, asOfMs: context.now() };
    },
  });

  routes.route({
    method: "GET",
    url: "/api/budgets",
    config: { permission: "budgets:read", view: { shows: "figures", resource: "budgets" } },
    schema: {
      ...common,
      operationId: "listBudgets",
      summary: "All limits, their raises, and what cost centres and models have used",
      response: { 200: BudgetReports, ...problemResponses(401, 403, 503) },
    },
    handler: async () => ({ budgets: await budgets.reports(), asOfMs: context.now() }),
  });

  routes.route({
    method: "POST",
    url: "/api/budgets/:id/raises",
    config: { permission: "budgets:raise", view: showsNothing },
    schema: {
      ...common,
      operationId: "raiseBudget",
      summary: "Raise a limit until a moment",
      params: Params,
      body: NewRaise,
      response: { 201: RaiseView, ...problemResponses(400, 401, 403, 404, 409, 413, 415, 503) },
    },
    handler: async (request, reply) => {
      const actor = `person:${signedInOf(request).personId}` as const;
      const input = { ...request.body, budgetId: request.params.id };
      const raise = await budgets.raise({ ...context, actor }, input);
      await publish();
      return reply.code(201).send(raise);
    },
  });

  routes.route({
    method: "GET",
    url: "/internal/budgets/spent",
    exposeHeadRoute: false,
    config: { permission: "control-token" },
    schema: { hide: true, response: { 200: SpentCounters } },
    handler: async () => budgets.spent(),
  });
}

import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import { problemResponses } from "../../shell/problem.ts";
import { LedgerReport } from "../../contracts/api/audit.ts";
import { PolicyStatus } from "../policies/status.ts";
import { showsNothing } from "../views/view.ts";

export interface OperationRouteDeps {
  readonly policyStatus: () => PolicyStatus;
  readonly ledgerStatus: () => Promise<LedgerReport>;
}

const security = [{ session: [] }];

/** For those who run Weir: what policy is in force, and how far the ledger lags. */
export async function operationRoutes(
  app: FastifyInstance,
  deps: OperationRouteDeps,
): Promise<void> {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.route({
    method: "GET",
    url: "/api/policies/status",
    config: { permission: "policies:read", view: showsNothing },
    schema: {
      operationId: "readPolicyStatus",
      summary: "The policy in force and the problem of the newest sources",
      tags: ["policies"],
      security,
      response: { 200: PolicyStatus, ...problemResponses(401, 403) },
    },
    handler: async () => deps.policyStatus(),
  });

  routes.route({
    method: "GET",
    url: "/api/ledger/status",
    config: { permission: "ledger:read", view: { shows: "figures", resource: "ledger.status" } },
    schema: {
      operationId: "readLedgerStatus",
      summary: "How far the ledger is behind the calls",
      tags: ["ledger"],
      security,
      response: { 200: LedgerReport, ...problemResponses(401, 403) },
    },
    handler: async () => deps.ledgerStatus(),
  });
}

import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { type TSchema, Type } from "typebox";
import { type Actor } from "../store/change.ts";
import { signedInOf } from "../../identity/access.ts";
import { problemResponses } from "../../shell/problem.ts";
import { describeError } from "../describe-error.ts";
import type { LedgerHost } from "../ledger/host.ts";
import type { AnyLedgerOperation } from "../ledger/operation.ts";
import { ledgerOperations } from "../ledger/operations.ts";

export interface LedgerOperationDeps {
  /** @throws ControlError WEIR_LEDGER_UNAVAILABLE */
  readonly ledgerHost: (actor: Actor) => Promise<LedgerHost>;
}

/** Work on the ledger as a whole, each with a line of JSON for every step. */
export async function ledgerOperationRoutes(
  app: FastifyInstance,
  deps: LedgerOperationDeps,
): Promise<void> {
  for (const operation of ledgerOperations) addRoute(app, operation, deps);
}

function addRoute(
  app: FastifyInstance,
  operation: AnyLedgerOperation,
  { ledgerHost }: LedgerOperationDeps,
): void {
  app.route({
    method: "POST",
    url: `/api/ledger/${operation.name}`,
    config: { permission: operation.permission, view: operation.view },
    schema: {
      operationId: `ledger${operation.name.replace(/(?:^|-)(\w)/g, (_all, first: string) => first.toUpperCase())}`,
      summary: operation.summary,
      tags: ["ledger"],
      security: [{ session: [] }],
      body: operation.request,
      response: {
        200: stepLines(operation.step),
        ...problemResponses(400, 401, 403, 404, 409, 413, 415, 503),
      },
    },
    handler: async (request, reply) => {
      const host = await ledgerHost(`person:${signedInOf(request).personId}`);
      const recordAccess: LedgerHost["recordAccess"] = async (event) => {
        await host.recordAccess(event);
        request.isReadRecorded = true;
      };
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Fastify has checked it by its schema
      const steps = operation.run({ ...host, recordAccess }, request.body as never);
      // What is wrong with the request shows with the first step, while it can still be answered.
      const first = await steps.next();
      const lines = Readable.from(toLines(first, steps), { objectMode: false });
      lines.once("close", () => void steps.return(undefined));
      return reply.type("application/x-ndjson").send(lines);
    },
  });
}

function stepLines(step: TSchema) {
  return {
    description: "A line of JSON for each step; `problem` in the last one when the work broke off",
    content: { "application/x-ndjson": { schema: Type.Unsafe<Readable>(step) } },
  };
}

async function* toLines(
  first: IteratorResult<unknown>,
  rest: AsyncGenerator,
): AsyncGenerator<string> {
  if (first.done !== true) yield `${JSON.stringify(first.value)}\n`;
  try {
    for await (const step of rest) yield `${JSON.stringify(step)}\n`;
  } catch (error) {
    const { code, title, detail } = describeError(error);
    yield `${JSON.stringify({ problem: { code, title, detail } })}\n`;
  }
}

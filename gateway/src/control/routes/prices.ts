import { Readable } from "node:stream";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import {
  RecomputeProgress,
  RecomputeRange,
  UnpricedModels,
  UnpricedModelsQuery,
} from "../../contracts/api/prices.ts";
import { signedInOf } from "../../identity/access.ts";
import { problemResponses } from "../../shell/problem.ts";
import type { PriceDesk } from "../prices.ts";
import { recordedRecompute } from "../record-recompute.ts";
import type { ControlContext } from "../store/change.ts";
import { showsNothing } from "../views/view.ts";

export interface PriceRouteDeps {
  readonly context: Omit<ControlContext, "actor">;
  readonly prices: PriceDesk;
}

const common = { tags: ["prices"], security: [{ session: [] }] };
const progressLines = {
  description: "A line of JSON for each step; the last one is finished",
  content: { "application/x-ndjson": { schema: Type.Unsafe<Readable>(RecomputeProgress) } },
};

/** What has no price, and prices anew for what is on record. */
export async function priceRoutes(app: FastifyInstance, deps: PriceRouteDeps): Promise<void> {
  const { context, prices } = deps;
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.route({
    method: "GET",
    url: "/api/unpriced-models",
    config: { permission: "prices:read", view: { shows: "figures", resource: "prices.unpriced" } },
    schema: {
      ...common,
      operationId: "listUnpricedModels",
      summary: "Models whose calls have no cost, since nobody knows their price",
      querystring: UnpricedModelsQuery,
      response: { 200: UnpricedModels, ...problemResponses(400, 401, 403, 503) },
    },
    handler: async (request) => prices.unpricedModels(request.query),
  });

  routes.route({
    method: "POST",
    url: "/api/prices/recompute",
    config: { permission: "prices:recompute", view: showsNothing },
    schema: {
      ...common,
      operationId: "recomputePrices",
      summary: "Price the calls of a range of UTC days anew, and correct what has changed",
      body: RecomputeRange,
      response: { 200: progressLines, ...problemResponses(400, 401, 403, 409, 413, 415, 503) },
    },
    handler: async (request, reply) => {
      const { personId } = signedInOf(request);
      const { body } = request;
      const actor = `person:${personId}` as const;
      const progress = recordedRecompute({ ...context, actor }, prices, body);
      // What is wrong with the request shows with the first step, while it can still be answered.
      const first = await progress.next();
      const lines = Readable.from(toLines(first, progress), { objectMode: false });
      lines.once("close", () => void progress.return(undefined));
      return reply.type("application/x-ndjson").send(lines);
    },
  });
}

async function* toLines(
  first: IteratorResult<RecomputeProgress, unknown>,
  rest: AsyncGenerator<RecomputeProgress>,
): AsyncGenerator<string> {
  if (first.done !== true) yield `${JSON.stringify(first.value)}\n`;
  for await (const step of rest) yield `${JSON.stringify(step)}\n`;
}

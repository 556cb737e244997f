import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import fastifyPlugin from "fastify-plugin";
import { Problem } from "../contracts/problem.ts";

export const problemContentType = "application/problem+json";
const schemaId = "Problem";

/** What the caller may read of an error. */
export interface ProblemDescription {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors?: { path: string; message: string }[];
  readonly retryAfterSeconds?: number;
}

export interface ProblemOptions {
  /** Turns any error into what may be said about it; everything else goes to the log alone. */
  readonly describe: (error: unknown) => ProblemDescription;
  /** Called for every error that is our fault. */
  readonly onServerError?: () => void;
}

/** Sends RFC 9457 problem details. `instance` is the request id, the same as in the log. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  description: ProblemDescription,
): FastifyReply {
  const { status, code, title, detail, errors, retryAfterSeconds } = description;
  const problem: Problem = {
    type: `urn:weir:problem:${code}`,
    title,
    status,
    detail,
    instance: request.id,
    code,
    ...(errors === undefined ? {} : { errors }),
  };
  if (retryAfterSeconds !== undefined) void reply.header("retry-after", retryAfterSeconds);
  void reply.header("cache-control", "no-store");
  return reply
    .code(status)
    .type(problemContentType)
    .serializer((body: unknown) => JSON.stringify(body))
    .send(problem);
}

/** Response schemas of a route for the problems that it may answer with. */
export function problemResponses(...statuses: number[]) {
  const response = {
    description: "Problem details (RFC 9457)",
    content: { [problemContentType]: { schema: { $ref: `${schemaId}#` } } },
  };
  return Object.fromEntries(statuses.map((status) => [status, response]));
}

export const problems = fastifyPlugin(
  async (app: FastifyInstance, options: ProblemOptions) => {
    app.addSchema({ ...Problem, $id: schemaId });
    app.setErrorHandler((error: FastifyError, request, reply) => {
      const description = options.describe(error);
      if (description.status === 503) {
        request.log.warn({ code: description.code }, "request cannot be served now");
      } else if (description.status >= 500) {
        request.log.error({ err: error, code: description.code }, "request failed");
        options.onServerError?.();
      }
      return sendProblem(request, reply, description);
    });
  },
  { name: "weir-problems", fastify: "5.x" },
);

import type { FastifyInstance } from "fastify";
import fastifyPlugin from "fastify-plugin";

export interface RequestLogOptions {
  /** Also told of every request, for the metrics. The route is its pattern: bounded in number. */
  readonly onRequestDone?: (done: {
    readonly method: string;
    readonly route: string;
    readonly status: number;
    readonly durationMs: number;
  }) => void;
}

/**
 * One line a request: its route's pattern and never its URL, because a query string may hold a
 * login token. Answers carry the request id, so that a user can quote it.
 */
export const requestLog = fastifyPlugin(
  async (app: FastifyInstance, options: RequestLogOptions) => {
    app.addHook("onRequest", async (request, reply) => {
      void reply.header("x-request-id", request.id);
    });
    app.addHook("onResponse", async (request, reply) => {
      const done = {
        method: request.method,
        route: request.routeOptions.url ?? "(none)",
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime * 10) / 10,
      };
      request.log.debug({ requestId: request.id, ...done }, "request");
      options.onRequestDone?.(done);
    });
  },
  { name: "weir-request-log", fastify: "5.x" },
);

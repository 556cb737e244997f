import type { FastifyInstance } from "fastify";
import fastifyPlugin from "fastify-plugin";
import { Type } from "typebox";

export type Readiness = "ready" | "degraded" | "unavailable";

export interface HealthOptions {
  readonly readiness: () => Readiness;
  readonly version: string;
}

const Status = Type.Object({ status: Type.String() });
const Version = Type.Object({ version: Type.String() });

/**
 * `/livez`: the process answers. `/readyz`: 200 when it can do its work, also when `degraded`;
 * 503 when not. `/version`. They need no sign-in, and therefore tell no reason.
 */
export const health = fastifyPlugin(
  async (app: FastifyInstance, options: HealthOptions) => {
    const config = { permission: "public" } as const;
    const tags = ["health"];
    app.get(
      "/livez",
      { config, schema: { operationId: "livez", tags, response: { 200: Status } } },
      async () => ({ status: "live" }),
    );
    app.get(
      "/readyz",
      { config, schema: { operationId: "readyz", tags, response: { 200: Status, 503: Status } } },
      async (_request, reply) => {
        const status = options.readiness();
        return reply.code(status === "unavailable" ? 503 : 200).send({ status });
      },
    );
    app.get(
      "/version",
      { config, schema: { operationId: "version", tags, response: { 200: Version } } },
      async () => ({ version: options.version }),
    );
  },
  { name: "weir-health", fastify: "5.x" },
);

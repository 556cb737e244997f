import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import fastifyPlugin from "fastify-plugin";

/**
 * Collects the OpenAPI 3.1 document from the routes' schemas; register it before them. Served at
 * `/api/openapi.json`. The version is the API's, so that the document changes only with the API.
 */
export const openapi = fastifyPlugin(
  async (app: FastifyInstance) => {
    await app.register(swagger, {
      // A client can tell from the document whom an operation is for.
      transform: ({ schema, url, route }) => ({
        schema: { ...schema, "x-weir-permission": route.config?.permission },
        url,
      }),
      refResolver: {
        buildLocalReference: (schema, _baseUri, _fragment, index) =>
          typeof schema.$id === "string" ? schema.$id : `schema-${index}`,
      },
      openapi: {
        openapi: "3.1.0",
        info: {
          title: "Weir control plane",
          description: "What the console uses, and what you may use in its place.",
          version: "1",
          license: { name: "Apache-2.0", identifier: "Apache-2.0" },
        },
        components: {
          securitySchemes: {
            session: { type: "apiKey", in: "cookie", name: "weir_session" },
            controlToken: { type: "http", scheme: "bearer" },
            scimToken: { type: "http", scheme: "bearer" },
          },
        },
      },
    });
    app.get(
      "/api/openapi.json",
      { config: { permission: "public" }, schema: { hide: true } },
      async () => app.swagger(),
    );
  },
  { name: "weir-openapi", fastify: "5.x" },
);
